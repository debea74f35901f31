import { useLayoutEffect, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let covering = 0

/**
 * Whether another dialog lies over this one, which then steps back, keeps what was typed and does not hear Escape.
 * @param covers for the dialog that does lie over others: it is never covered itself
 */
export function useCovered(covers = false): boolean {
  const isCovered = useSyncExternalStore(subscribe, () => covering > 0)
  useLayoutEffect(() => {
    if (!covers) return undefined
    change(1)
    return () => change(-1)
  }, [covers])
  return isCovered && !covers
}

function change(by: number): void {
  covering += by
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
