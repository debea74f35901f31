import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'

/** "lany": the advisory lock that everybody who uses an embedded server shares. */
const HOLD_LOCK = 0x6c616e79

/**
 * Keeps an embedded server alive. Each process that uses one shares a lock inside it; whoever can take that
 * lock alone on leaving is the last and stops the server. A process that is killed loses its connection
 * and with it the lock, so there is nothing to clean up after it.
 */
export class ServerHold {
  readonly #url: string
  #client: Client | undefined
  #releasing = false

  constructor(url: string) {
    this.#url = url
  }

  /** @throws what `pg` throws while the server starts or stops */
  async acquire(): Promise<void> {
    const client = new Client({ connectionString: this.#url, application_name: 'lanyard hold' })
    // A connection that breaks ends as well; without a listener the error would end the process.
    client.on('error', () => {})
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1)', [HOLD_LOCK])
    client.once('end', () => {
      this.#client = undefined
      if (!this.#releasing) void this.#reacquire()
    })
    this.#client = client
  }

  /** True when nobody else uses the server; newcomers then wait until it is gone. */
  async release(): Promise<boolean> {
    this.#releasing = true
    if (!this.#client) return false
    try {
      await this.#client.query('select pg_advisory_unlock_shared($1)', [HOLD_LOCK])
      const { rows } = await this.#client.query<{ alone: boolean }>(
        'select pg_try_advisory_lock($1) as alone',
        [HOLD_LOCK],
      )
      return rows[0]?.alone === true
    } catch {
      return false
    }
  }

  async close(): Promise<void> {
    await this.#client?.end().catch(() => {})
  }

  /** After a crash of one of its processes the server restarts by itself and has forgotten the locks. */
  async #reacquire(): Promise<void> {
    while (!this.#releasing && !this.#client) {
      await wait(1000, undefined, { ref: false })
      await this.acquire().catch(() => {})
    }
  }
}
