import { type Client, createClient } from 'graphql-ws'
import { useSyncExternalStore } from 'react'

/** How the page stands with the server, as its socket sees it. */
export type Connection =
  | { state: 'fine' }
  /** `retryAt` in milliseconds since 1970; null while the device itself has no network. */
  | { state: 'lost'; retryAt: number | null }

const longestWaitMilliseconds = 30_000
const pingMilliseconds = 20_000
const pongMilliseconds = 5_000

/** Closed because of who asks, not because of the network. Source: graphql-transport-ws. */
const refusedCodes: readonly number[] = [4401, 4403]

const listeners = new Set<() => void>()
let connection: Connection = { state: 'fine' }
let endWait: (() => void) | undefined

/**
 * The one socket of the page. It is opened by the first subscription and comes back for ever: waits
 * double from a second to half a minute, with jitter, so that a server that restarts is not stormed.
 */
export function openSocket(url: string, onRefused: () => void): Client {
  let pongMissing: ReturnType<typeof setTimeout> | undefined

  const socket: Client = createClient({
    url,
    keepAlive: pingMilliseconds,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      const wait = Math.min(1_000 * 2 ** retries, longestWaitMilliseconds) * (0.5 + Math.random() / 2)
      // A server that restarts is back by the first retry; that is not worth a word.
      if (retries > 0) set({ state: 'lost', retryAt: Date.now() + wait })
      await waitOrNetwork(wait)
    },
    on: {
      connected: () => set({ state: 'fine' }),
      closed: (event) => {
        clearTimeout(pongMissing)
        if (event instanceof CloseEvent && refusedCodes.includes(event.code)) onRefused()
      },
      // A connection that died without a word looks open; only an unanswered ping tells.
      ping: (received) => {
        if (!received) pongMissing = setTimeout(() => socket.terminate(), pongMilliseconds)
      },
      pong: (received) => {
        if (received) clearTimeout(pongMissing)
      },
    },
  })
  return socket
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection)
}

/** A device that has its network back does not wait out the pause. */
function waitOrNetwork(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    endWait = () => {
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

addEventListener('offline', () => set({ state: 'lost', retryAt: null }))
addEventListener('online', () => {
  if (connection.state === 'lost' && connection.retryAt === null) set({ state: 'fine' })
  endWait?.()
})
