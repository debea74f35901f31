import { useSyncExternalStore } from 'react'

/** All relative times of a page share one clock, so that they change together and cost one timer. */
const tickMilliseconds = 15_000

const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

/** The present, as it was at most fifteen seconds ago. */
export function useNow(): Date {
  return new Date(useSyncExternalStore(subscribe, () => now))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!timer) {
    now = Date.now()
    timer = setInterval(tick, tickMilliseconds)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  now = Date.now()
  for (const listener of listeners) listener()
}
