import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startEmbeddedPostgres } from '../../server/src/database/embedded.ts'

/**
 * An empty PostgreSQL 18 from npm in a temporary folder. It does not wait for the disk (`durable: false`), which reads
 * never do.
 */
export async function startThrowAwayPostgres(): Promise<{ url: string } & AsyncDisposable> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lanyard-bench-'))
  // PostgreSQL runs as another user when this one is root.
  chmodSync(dataDir, 0o755)
  await using opened = new AsyncDisposableStack()
  opened.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const { url } = opened.use(await startEmbeddedPostgres({ dataDir, durable: false }))

  const resources = opened.move()
  return { url, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
