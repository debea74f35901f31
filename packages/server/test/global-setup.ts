import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../src/database/embedded.ts'
import { migrate } from '../src/database/migrate.ts'
import { createAppRole, createDatabase, dropDatabase, urlOfDatabase } from './database-server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL server, and on it the migrated database that every test file clones. */
    testDatabase: { serverUrl: string; appUrl: string; template: string }
  }
}

/** One PostgreSQL for the whole run: TEST_DATABASE_URL, else an embedded one that is thrown away. */
export default async function setUpTestDatabase(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer()
  const template = `lanyard_template_${process.pid}`
  const tearDown = async () => {
    await dropDatabase(server.url, template)
    await server.stop()
  }
  try {
    await createDatabase(server.url, template)
    await migrate(urlOfDatabase(server.url, template), urlOfDatabase(server.appUrl, template))
  } catch (error) {
    await tearDown()
    throw error
  }
  project.provide('testDatabase', { serverUrl: server.url, appUrl: server.appUrl, template })
  return tearDown
}

async function startTestServer(): Promise<{ url: string; appUrl: string; stop(): Promise<void> }> {
  const url = process.env['TEST_DATABASE_URL']
  if (url) return { url, appUrl: await createAppRole(url), stop: () => Promise.resolve() }

  const dataDir = mkdtempSync(join(tmpdir(), 'lanyard-test-'))
  // As root the server runs as another user, who has to reach its data in here.
  chmodSync(dataDir, 0o711)
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false })
  const stop = async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { url: postgres.url, appUrl: postgres.appUrl, stop }
}
