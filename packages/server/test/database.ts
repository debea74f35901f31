import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { createDatabase, dropDatabase, urlOfDatabase } from './database-server.ts'

export interface TestDatabase {
  /** As the owner of its tables. */
  url: string
  /** As the app runs on it. */
  appUrl: string
  drop(): Promise<void>
}

/** A migrated, empty database of one's own: one per test file, dropped in its `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { serverUrl, template } = inject('testDatabase')
  const name = `lanyard_test_${randomUUID().replaceAll('-', '')}`
  await createDatabase(serverUrl, name, template)
  const url = urlOfDatabase(serverUrl, name)
  return { url, appUrl: asApp(url), drop: () => dropDatabase(serverUrl, name) }
}

/** The same database, as the role without rights to change tables. */
export function asApp(databaseUrl: string): string {
  return urlOfDatabase(inject('testDatabase').appUrl, new URL(databaseUrl).pathname.slice(1))
}
