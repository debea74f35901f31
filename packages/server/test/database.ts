import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { createDatabase, dropDatabase, urlOfDatabase } from './database-server.ts'

export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

/** A migrated, empty database of one's own: one per test file, dropped in its `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { serverUrl, template } = inject('testDatabase')
  const name = `lanyard_test_${randomUUID().replaceAll('-', '')}`
  await createDatabase(serverUrl, name, template)
  return { url: urlOfDatabase(serverUrl, name), drop: () => dropDatabase(serverUrl, name) }
}
