import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startEmbeddedPostgres } from '../../server/src/database/embedded.ts'
import { migrate } from '../../server/src/database/migrate.ts'
import { makePeople } from './people.ts'

export interface ThrowAwayDatabase extends AsyncDisposable {
  url: string
}

/**
 * PostgreSQL 18 from npm in a temporary folder, migrated and filled. It does not wait for the disk (`durable: false`),
 * which reads never do.
 */
export async function createThrowAwayDatabase(): Promise<ThrowAwayDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lanyard-bench-'))
  // PostgreSQL runs as another user when this one is root.
  chmodSync(dataDir, 0o755)
  await using opened = new AsyncDisposableStack()
  opened.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const postgres = opened.use(await startEmbeddedPostgres({ dataDir, durable: false }))
  await migrate(postgres.url)
  await makePeople(postgres.url)

  const resources = opened.move()
  return { url: postgres.url, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
