import { useSyncExternalStore } from 'react'

/** Whole seconds until an instant, counted down to 0; an instant that is over, or none, is 0 at once. */
export function useSecondsUntil(at: string | null | undefined): number {
  const due = at ? Date.parse(at) : 0
  return useSyncExternalStore(everySecond, () => Math.max(0, Math.ceil((due - Date.now()) / 1_000)))
}

function everySecond(listener: () => void): () => void {
  const timer = setInterval(listener, 1_000)
  return () => clearInterval(timer)
}
