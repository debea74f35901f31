/**
 * The server with its demonstration on a day that never changes, for `pnpm screenshots`: prints its URL when it is
 * ready, and ends with its input. The PORT has to be given, as it is part of the origin that browsers come from.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { startEmbeddedPostgres } from '../src/database/embedded.ts'
import { migrate } from '../src/database/migrate.ts'
import { openSealingKeys } from '../src/open-sealing-keys.ts'
import { seedDemonstration } from '../src/seed/demo.ts'

const [now = ''] = process.argv.slice(2)
const clock = { now: () => new Date(now) }

const dataDir = mkdtempSync(join(tmpdir(), 'lanyard-demo-'))
// As root the database runs as another user, who has to reach its data in here.
chmodSync(dataDir, 0o711)
const postgres = await startEmbeddedPostgres({ dataDir, durable: false })
await migrate(postgres.url, postgres.appUrl)
const config = loadConfig({ PORT: process.env['PORT'], DATA_DIR: dataDir })
await seedDemonstration(postgres.url, clock, await openSealingKeys(config))

const app = await createApp(config, postgres.appUrl, { clock, ownerUrl: postgres.url })
await app.listen()
process.stdout.write(`${config.publicUrl.origin}\n`)

process.stdin.resume().once('end', () => void end())

async function end(): Promise<void> {
  await app[Symbol.asyncDispose]()
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
  process.exit()
}
