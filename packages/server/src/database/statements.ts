import pg from 'pg'

import type { StatementRunner } from '../lib/statement.ts'

/** The pool, or one transaction on a connection of it. */
export interface Statements extends StatementRunner {
  run<Row>(
    statement: { name: string | undefined; text: string },
    values: readonly unknown[],
  ): Promise<Row[]>
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

/**
 * Runs the hand-made statements on a pool of their own, named, so that each connection plans them once.
 * Kysely and MikroORM do not name statements.
 */
export class StatementPool implements Statements, AsyncDisposable {
  readonly #pool: pg.Pool
  readonly #named: boolean

  constructor({ databaseUrl, named }: StatementPoolOptions) {
    this.#named = named
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 10,
      connectionTimeoutMillis: 3000,
      statement_timeout: 5000,
      options: statementSettings,
    })
    // A connection that the server dropped is replaced; the statement on it was already rejected.
    this.#pool.on('error', () => {})
  }

  async run<Row>(
    { name, text }: { name: string | undefined; text: string },
    values: readonly unknown[],
  ): Promise<Row[]> {
    const { rows } = await this.#pool.query<Row & pg.QueryResultRow>(this.#config(name, text, values))
    return rows
  }

  /** Commits what is done with the statements it is given, or nothing when that throws. */
  async transaction<Result>(work: (statements: Statements) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect()
    let isUsable = true
    try {
      await client.query('begin')
      const result = await work({
        run: async <Row>(
          { name, text }: { name: string | undefined; text: string },
          values: readonly unknown[],
        ) => {
          const { rows } = await client.query<Row & pg.QueryResultRow>(this.#config(name, text, values))
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
      client.release(!isUsable)
    }
  }

  #config(name: string | undefined, text: string, values: readonly unknown[]): pg.QueryConfig {
    return { text, values: [...values], ...(this.#named && name ? { name } : {}) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end()
  }
}
