import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { secretKey, webhookCredentials } from '../packages/client/e2e/carrier-secrets.ts'

/** The built server with the demonstration people, on the new folder DATA_DIR, which is thrown away with it. */
const dataDir = process.env['DATA_DIR'] ?? ''
mkdirSync(dataDir)
// As root the database runs as another user, who has to reach its data in here.
chmodSync(dataDir, 0o711)
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }))

Object.assign(process.env, {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PUBLIC_URL: '',
  DATABASE_URL: '',
  DEMO: '1',
  SECRET_KEYS: secretKey,
  POSTMARK_CREDENTIALS: webhookCredentials,
})
await import(new URL('../packages/server/dist/main.js', import.meta.url).href)
