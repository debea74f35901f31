/**
 * A process that uses the embedded PostgreSQL of a folder, for embedded.test.ts to kill: prints the URL, or
 * what refused it, and leaves when its input ends. Run by Node itself, as another user cannot use our caches.
 */
import { startEmbeddedPostgres } from '../src/database/embedded.ts'

const [dataDir = ''] = process.argv.slice(2)
try {
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false })
  process.stdout.write(`${postgres.url}\n`)
  process.stdin.resume().once('end', () => void postgres.stop())
} catch (error) {
  process.stdout.write(`${String(error)}\n`)
}
