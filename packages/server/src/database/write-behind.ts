import type { StatementPool } from './statements.ts'

export interface WriteBehindOptions {
  statements: StatementPool
  /** How long rows are gathered. */
  gatherMilliseconds: number
  onError: (error: unknown) => void
}

interface WriteBehindStatement {
  name: string
  /** Takes each column of the rows as an array, in the order of the rows' values. */
  text: string
}

/**
 * Writes that no answer waits for: gathered for a moment, one row for each key, then sent as one statement. What is
 * gathered when the process is killed is lost, so only what the next request would write again belongs here.
 */
export class WriteBehind<Row extends readonly unknown[]> implements AsyncDisposable {
  readonly #statement: WriteBehindStatement
  readonly #options: WriteBehindOptions
  #rows = new Map<string, Row>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(statement: WriteBehindStatement, options: WriteBehindOptions) {
    this.#statement = statement
    this.#options = options
  }

  put(key: string, row: Row): void {
    this.#rows.set(key, row)
    this.#timer ??= setTimeout(() => this.#write(), this.#options.gatherMilliseconds)
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#rows.size === 0) return
    // In one order in every process, so that two never wait for each other.
    const rows = [...this.#rows].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
    this.#rows = new Map()
    this.#writing = this.#run(rows, this.#writing)
  }

  async #run(rows: readonly Row[], earlier: Promise<void>): Promise<void> {
    const { statements, onError } = this.#options
    const columns = rows[0]?.map((_value, column) => rows.map((row) => row[column])) ?? []
    await earlier
    await statements.write(this.#statement, columns).catch(onError)
  }

  /** Writes what is gathered. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#write()
    await this.#writing
  }
}
