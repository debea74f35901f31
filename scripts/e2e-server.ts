import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The built server with the demonstration people, on a folder that is thrown away with it. */
const dataDir = mkdtempSync(join(tmpdir(), 'lanyard-e2e-'))
// As root the database runs as another user, who has to reach its data in here.
chmodSync(dataDir, 0o711)
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }))

Object.assign(process.env, {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PUBLIC_URL: '',
  DATABASE_URL: '',
  DATA_DIR: dataDir,
  DEMO: '1',
})
await import(new URL('../packages/server/dist/main.js', import.meta.url).href)
