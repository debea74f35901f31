import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let outdated = false

/** The server has a newer build than this page and refuses its documents. */
export function reportOutdated(): void {
  outdated = true
  for (const listener of listeners) listener()
}

export function useOutdated(): boolean {
  return useSyncExternalStore(subscribe, () => outdated)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
