import { createClient, type Client } from 'graphql-ws'
import { useSyncExternalStore } from 'react'

/** How the page stands with the server, as its socket sees it. */
export type Connection =
  | { state: 'fine' }
  /** `retryAt` in milliseconds since 1970; null while the device itself has no network. */
  | { state: 'lost'; retryAt: number | null }

const longestWaitMilliseconds = 30_000

const listeners = new Set<() => void>()
let connection: Connection = { state: 'fine' }
let cutShort: (() => void) | undefined

/**
 * The one socket of the page. It is opened by the first subscription and comes back for ever:
 * waits double from a second to half a minute, with jitter, so that a restarted server is not stormed.
 */
export function openSocket(url: string): Client {
  return createClient({
    url,
    keepAlive: 20_000,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      const wait = Math.min(1_000 * 2 ** retries, longestWaitMilliseconds) * (0.5 + Math.random() / 2)
      set({ state: 'lost', retryAt: Date.now() + wait })
      await waitOrNetwork(wait)
    },
    on: { connected: () => set({ state: 'fine' }) },
  })
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection)
}

/** A device that has its network back should not wait out the pause. */
function waitOrNetwork(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    cutShort = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function set(next: Connection): void {
  connection = next
  for (const listener of listeners) listener()
}

addEventListener('online', () => cutShort?.())
addEventListener('offline', () => set({ state: 'lost', retryAt: null }))
