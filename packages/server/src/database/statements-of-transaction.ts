import type { EntityManager } from '@mikro-orm/postgresql'
import { CompiledQuery } from 'kysely'

import type { Statements } from './statements.ts'

/** Runs hand-made statements inside a transaction of the ORM, for what writes entities in the same one. */
export function statementsOf(tx: EntityManager): Statements {
  return {
    async run<Row>({ text }: { text: string }, values: readonly unknown[]): Promise<Row[]> {
      const { rows } = await tx.getKysely().executeQuery<Row>(CompiledQuery.raw(text, [...values]))
      return rows
    },
  }
}
