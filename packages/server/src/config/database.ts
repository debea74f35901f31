import { z } from 'zod'
import { Secret } from '../secret.ts'
import { flag } from './variables.ts'

export interface DatabaseConfig {
  /** Null: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: Secret | null
  /** As the role that owns the tables; null: there is but one role. Source: S-Q7. */
  migrationDatabaseUrl: Secret | null
  /** False behind a PgBouncer older than 1.21. Source: decision 20. */
  statementNames: boolean
}

const databaseUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (url && ['postgres:', 'postgresql:'].includes(url.protocol)) return new Secret(text)

  context.addIssue('must read as postgres://user:password@host:5432/database')
  return z.NEVER
})

export const databaseVariables = {
  DATABASE_URL: databaseUrl.optional(),
  MIGRATION_DATABASE_URL: databaseUrl.optional(),
  STATEMENT_NAMES: flag.default(true),
}

type Values = z.output<z.ZodObject<typeof databaseVariables>>

export function databaseFaults(values: Values): string[] {
  if (!values.MIGRATION_DATABASE_URL || values.DATABASE_URL) return []
  return ['DATABASE_URL: is missing, and MIGRATION_DATABASE_URL alone is not enough']
}

export function databaseOf(values: Values): DatabaseConfig {
  return {
    databaseUrl: values.DATABASE_URL ?? null,
    migrationDatabaseUrl: values.MIGRATION_DATABASE_URL ?? null,
    statementNames: values.STATEMENT_NAMES,
  }
}
