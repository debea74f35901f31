import pg from 'pg'

/** So many statements may be on their way to one connection. */
const deepest = 16
/** So many wait at one when all are held up; who comes then is refused rather than left to wait. */
const mostWaiting = 500
/** A connection that has answered nothing for so long is busy with something slow: nothing more is put behind it. */
const slowMilliseconds = 10

/**
 * Connections to which statements are sent without waiting for the answers before. One that is kept busy costs a
 * fraction of ten that are woken for each statement; another one is opened when that one is full, or held up by a slow
 * statement. For reads only: what waits for locks, or for the disk, would hold up what stands behind it.
 */
export class Pipelines implements AsyncDisposable {
  readonly #pipelines: Pipeline[]

  constructor(config: pg.ClientConfig, count: number) {
    this.#pipelines = Array.from({ length: count }, () => new Pipeline({ ...config, pipeline: true }))
  }

  /** @throws Error when too many are waiting already */
  async query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    return this.#choose().query(query)
  }

  /** The first that takes one more, so that few are in use; when none does, the emptiest. */
  #choose(): Pipeline {
    const now = performance.now()
    let [chosen] = this.#pipelines
    for (const pipeline of this.#pipelines) {
      if (pipeline.waiting < deepest && !pipeline.isHeldUp(now)) return pipeline
      if (!chosen || pipeline.waiting < chosen.waiting) chosen = pipeline
    }
    if (!chosen || chosen.waiting >= mostWaiting)
      throw new Error('too many statements wait for the database')
    return chosen
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#pipelines.map((pipeline) => pipeline[Symbol.asyncDispose]()))
  }
}

/** One connection, opened when it is first needed, and again when it was lost. */
class Pipeline implements AsyncDisposable {
  readonly #config: pg.ClientConfig
  #client: Promise<pg.Client> | undefined
  #movedAt = 0
  waiting = 0

  constructor(config: pg.ClientConfig) {
    this.#config = config
  }

  isHeldUp(now: number): boolean {
    return this.waiting > 0 && now - this.#movedAt > slowMilliseconds
  }

  async query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    if (this.waiting++ === 0) this.#movedAt = performance.now()
    try {
      const client = await (this.#client ?? this.#open())
      return await client.query<Row>(query)
    } catch (error) {
      if (isLastWord(error)) this.#client = undefined
      throw error
    } finally {
      this.waiting--
      this.#movedAt = performance.now()
    }
  }

  #open(): Promise<pg.Client> {
    const client = new pg.Client(this.#config)
    const opening = client.connect().then(() => client)
    const forget = () => {
      if (this.#client === opening) this.#client = undefined
    }
    // The statements on a connection that is lost are rejected; the next one opens another.
    client.on('error', forget)
    client.on('end', forget)
    opening.catch(forget)
    this.#client = opening
    return opening
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }
}

/** What the server says before it closes a connection, which is heard a moment before that. Source: SQLSTATE 57P01-57P05. */
function isLastWord(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^57P0[1-5]$/.test(error.code ?? '')
}
