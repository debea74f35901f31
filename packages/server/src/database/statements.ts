import pg from 'pg'

import type { StatementRunner } from '../lib/statement.ts'
import { Pipelines } from './pipelines.ts'

/** A statement, prepared under its name where it has one. */
interface NamedText {
  name: string | undefined
  text: string
}

/** The pool, or one transaction on a connection of it. */
export interface Statements extends StatementRunner {
  run<Row>(statement: NamedText, values: readonly unknown[]): Promise<Row[]>
}

export interface StatementPoolOptions {
  databaseUrl: string
  /** False behind a PgBouncer that cannot carry prepared statements (STATEMENT_NAMES=off). */
  named: boolean
}

/**
 * What every connection for reading is set to. Our reads look rows up by keys, in pages that are in memory: with the
 * usual price of 4 for such a page, PostgreSQL would read a table of a few hundred rows whole for each item of a list.
 */
export const statementSettings = '-c timezone=UTC -c random_page_cost=1.1'

/** Connections for reads, of which one is enough until something is slow, and for transactions. */
const mostPipelines = 4
const mostTransactions = 10

/**
 * Runs the hand-made statements on connections of their own, named, so that each connection plans them once.
 * Kysely and MikroORM do not name statements.
 */
export class StatementPool implements Statements, AsyncDisposable {
  readonly #pipelines: Pipelines
  readonly #pool: pg.Pool
  readonly #named: boolean

  constructor({ databaseUrl, named }: StatementPoolOptions) {
    const config = {
      connectionString: databaseUrl,
      connectionTimeoutMillis: 3000,
      statement_timeout: 5000,
      options: statementSettings,
    }
    this.#named = named
    this.#pipelines = new Pipelines(config, mostPipelines)
    this.#pool = new pg.Pool({ ...config, max: mostTransactions })
    // A connection that the server dropped is replaced; the statement on it was already rejected.
    this.#pool.on('error', () => {})
  }

  /** Reads. */
  async run<Row>(statement: NamedText, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.#pipelines.query<Row & pg.QueryResultRow>(this.#config(statement, values))
    return rows
  }

  /** Runs a statement that writes, or waits for locks, and is a transaction by itself. */
  async write<Row>(statement: NamedText, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.#pool.query<Row & pg.QueryResultRow>(this.#config(statement, values))
    return rows
  }

  /** Commits what is done with the statements it is given, or nothing when that throws. */
  async transaction<Result>(work: (statements: Statements) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect()
    let isUsable = true
    // What breaks is told by the statement that it breaks; without a listener it would end the process as well.
    const ignore = () => {}
    client.on('error', ignore)
    try {
      await client.query('begin')
      const result = await work({
        run: async <Row>(statement: NamedText, values: readonly unknown[]) => {
          const { rows } = await client.query<Row & pg.QueryResultRow>(this.#config(statement, values))
          return rows
        },
      })
      await client.query('commit')
      return result
    } catch (error) {
      isUsable = await client.query('rollback').then(
        () => true,
        () => false,
      )
      throw error
    } finally {
      client.off('error', ignore)
      client.release(!isUsable)
    }
  }

  #config({ name, text }: NamedText, values: readonly unknown[]): pg.QueryConfig {
    return { text, values: [...values], ...(this.#named && name ? { name } : {}) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#pipelines[Symbol.asyncDispose](), this.#pool.end()])
  }
}
