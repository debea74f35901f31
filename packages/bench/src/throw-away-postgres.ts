import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'

import { Client } from 'pg'

import { startEmbeddedPostgres } from '../../server/src/database/embedded.ts'

export interface ThrowAwayPostgres extends AsyncDisposable {
  /** Of an empty database. */
  url: string
}

const mebibytes = totalmem() / 2 ** 20

/**
 * What an operator would set on a machine of 2 cores and 24 GiB with an SSD, a part of which belongs to Node; on one
 * with less memory, less. Source: the PostgreSQL manual, 19.4 (shared_buffers: a quarter) and 19.7.
 */
const settings = {
  shared_buffers: `${Math.floor(Math.min(6144, mebibytes / 4))}MB`,
  effective_cache_size: `${Math.floor(Math.min(16_384, (mebibytes * 2) / 3))}MB`,
  work_mem: '16MB',
  maintenance_work_mem: '1GB',
  random_page_cost: '1.1',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  wal_buffers: '64MB',
  jit: 'off',
}

/**
 * PostgreSQL 18 from npm in a temporary folder, with the same settings for every benchmark.
 * @param durable false = it does not wait for the disk, which reads never do
 */
export async function startThrowAwayPostgres({
  durable,
}: {
  durable: boolean
}): Promise<ThrowAwayPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lanyard-bench-'))
  // PostgreSQL runs as another user when this one is root.
  chmodSync(dataDir, 0o755)
  await using opened = new AsyncDisposableStack()
  opened.defer(() => rmSync(dataDir, { recursive: true, force: true }))

  await using once = await startEmbeddedPostgres({ dataDir, durable })
  await configure(once.url)
  // Some settings are read at a start only.
  await once.stop()

  const { url } = opened.use(await startEmbeddedPostgres({ dataDir, durable }))
  const resources = opened.move()
  return { url, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

async function configure(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const [name, value] of Object.entries(settings)) {
      await client.query(`alter system set ${name} = '${value}'`)
    }
  } finally {
    await client.end()
  }
}
