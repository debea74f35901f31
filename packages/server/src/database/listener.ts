import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'

interface ListenerOptions {
  databaseUrl: string
  /** What each channel's messages are given to. */
  channels: Readonly<Record<string, (payload: string) => void>>
  /** Called when messages may have been missed: after each reconnection, and now and then in any case. */
  onGap: () => void
  onError: (error: unknown) => void
}

const firstRetryMilliseconds = 100
const longestRetryMilliseconds = 5000
/** A half-open connection hears nothing and says nothing, so what listeners show is read again so often. */
const rereadMilliseconds = 30_000

/** The one connection of this process that listens to PostgreSQL. Not pooled, not through PgBouncer. */
export class DatabaseListener implements AsyncDisposable {
  readonly #options: ListenerOptions
  readonly #stopped = new AbortController()
  readonly #rereading: NodeJS.Timeout
  #client: pg.Client | undefined

  private constructor(options: ListenerOptions) {
    this.#options = options
    this.#rereading = setInterval(() => options.onGap(), rereadMilliseconds)
    this.#rereading.unref()
  }

  /** @returns once it listens */
  static async connect(options: ListenerOptions): Promise<DatabaseListener> {
    const listener = new DatabaseListener(options)
    await listener.#listen()
    return listener
  }

  async #listen(): Promise<void> {
    const { databaseUrl, channels, onError } = this.#options
    const client = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 3000,
    })
    client.on('notification', ({ channel, payload }) => {
      try {
        channels[channel]?.(payload ?? '')
      } catch (error) {
        onError(error)
      }
    })
    client.on('error', onError)
    try {
      await client.connect()
      for (const channel of Object.keys(channels)) {
        await client.query(`listen ${client.escapeIdentifier(channel)}`)
      }
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    client.once('end', () => void this.#relisten())
    this.#client = client
  }

  async #relisten(): Promise<void> {
    const { signal } = this.#stopped
    let wait = firstRetryMilliseconds
    while (!signal.aborted) {
      try {
        await this.#listen()
        this.#options.onGap()
        return
      } catch (error) {
        this.#options.onError(error)
        await sleep(wait, undefined, { signal }).catch(() => {})
        wait = Math.min(wait * 2, longestRetryMilliseconds)
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort()
    clearInterval(this.#rereading)
    await this.#client?.end()
  }
}
