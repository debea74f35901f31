import { Client } from 'pg'

import { migrate } from '../../server/src/database/migrate.ts'
import { seedCrowd } from '../../server/test/crowd.ts'
import { createDatabase, urlOfDatabase } from '../../server/test/database-server.ts'
import { startThrowAwayPostgres, type ThrowAwayPostgres } from './throw-away-postgres.ts'

interface StageOptions {
  /** Its folder. */
  repository: string
  signal: AbortSignal
  onProgress: (step: string) => void
}

/** What the benchmarks share: one PostgreSQL, and a database for each size of crowd, made when it is first asked for. */
export class Stage implements AsyncDisposable {
  readonly repository: string
  readonly signal: AbortSignal
  readonly #opened = new AsyncDisposableStack()
  readonly #onProgress: (step: string) => void
  readonly #crowds = new Map<number, string>()
  #postgres: ThrowAwayPostgres | undefined

  constructor({ repository, signal, onProgress }: StageOptions) {
    this.repository = repository
    this.signal = signal
    this.#onProgress = onProgress
  }

  /** @throws the signal's reason once the run is given up */
  onProgress = (step: string): void => {
    this.signal.throwIfAborted()
    this.#onProgress(step)
  }

  /** The address of a database with so many people, which does not wait for the disk. */
  async crowd(people: number): Promise<string> {
    const existing = this.#crowds.get(people)
    if (existing !== undefined) return existing
    const url = await this.#create(`crowd_${people}`)
    await this.fill(url, people)
    this.#crowds.set(people, url)
    return url
  }

  /** The address of a database with nobody in it, on the same PostgreSQL. */
  async empty(name: string): Promise<string> {
    const url = await this.#create(name)
    await migrate(url)
    return url
  }

  async #create(name: string): Promise<string> {
    if (!this.#postgres) this.onProgress('Starting a throw-away PostgreSQL')
    this.#postgres ??= this.#opened.use(await startThrowAwayPostgres({ durable: false }))
    await createDatabase(this.#postgres.url, name)
    return urlOfDatabase(this.#postgres.url, name)
  }

  async fill(databaseUrl: string, people: number): Promise<void> {
    this.onProgress(`Making ${people.toLocaleString('en')} people`)
    await migrate(databaseUrl)
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    // A statement that was waited for fails then, which ends the run.
    const giveUp = () => void client.end()
    this.signal.addEventListener('abort', giveUp)
    try {
      await seedCrowd(client, { people, onProgress: (made) => this.#tellOf(made, people) })
    } finally {
      this.signal.removeEventListener('abort', giveUp)
      await client.end()
    }
  }

  #tellOf(made: number, people: number): void {
    if (made % 100_000 === 0 && made < people) this.onProgress(`  ${made.toLocaleString('en')} so far`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync()
  }
}
