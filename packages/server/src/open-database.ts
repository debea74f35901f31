import { Client } from 'pg'
import type { Config } from './config.ts'
import { startEmbeddedPostgres } from './database/embedded.ts'
import { exitCodes, StartupError } from './startup-error.ts'

/** The oldest PostgreSQL that is still supported at the end of 2028. */
const OLDEST_MAJOR_VERSION = 16

export interface DatabaseUrls {
  /** As the role that reads and writes rows. */
  readonly url: string
  /** As the role that owns the tables; the same where there is but one. */
  readonly ownerUrl: string
}

export interface OpenDatabase extends DatabaseUrls, AsyncDisposable {
  /** For the operator; without a password. */
  readonly place: string
}

/**
 * The operator's database when there is one, else the embedded one.
 * @throws StartupError when it cannot be reached
 */
export async function openDatabase(
  {
    databaseUrl,
    migrationDatabaseUrl,
    dataDir,
  }: Pick<Config, 'databaseUrl' | 'migrationDatabaseUrl' | 'dataDir'>,
  onProgress: (step: string) => void,
): Promise<OpenDatabase> {
  if (!databaseUrl) {
    const embedded = await startEmbeddedPostgres({ dataDir, onProgress })
    return {
      url: embedded.appUrl,
      ownerUrl: embedded.url,
      place: dataDir,
      [Symbol.asyncDispose]: () => embedded.stop(),
    }
  }
  const url = databaseUrl.reveal()
  const place = placeOf(url)
  onProgress(`Connecting to the database ${place}`)
  await checkReachable(url, place, 'DATABASE_URL')
  const ownerUrl = migrationDatabaseUrl?.reveal() ?? url
  if (ownerUrl !== url) await checkReachable(ownerUrl, placeOf(ownerUrl), 'MIGRATION_DATABASE_URL')
  return { url, ownerUrl, place, [Symbol.asyncDispose]: () => Promise.resolve() }
}

function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

const mending: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there; start PostgreSQL or correct DATABASE_URL',
  ENOTFOUND: 'there is no such host; correct DATABASE_URL',
  EAI_AGAIN: 'its name cannot be looked up; check DNS or correct DATABASE_URL',
  ETIMEDOUT: 'it does not answer; check the network or correct DATABASE_URL',
  '28P01': 'it refuses the password; correct DATABASE_URL',
  '28000': 'it refuses this user; correct DATABASE_URL or pg_hba.conf',
  '3D000': 'there is no such database; create it or correct DATABASE_URL',
  '53300': 'it has no connection left; raise max_connections or put PgBouncer before it',
}

async function checkReachable(url: string, place: string, variable: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  // The end of a connection that failed is told a second time, as an event.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int / 10000 as version`,
    )
    const version = rows[0]?.version ?? 0
    if (version >= OLDEST_MAJOR_VERSION) return
    throw new StartupError(
      `The database ${place} is PostgreSQL ${version}, and Lanyard needs ${OLDEST_MAJOR_VERSION} or newer.`,
      exitCodes.unavailable,
    )
  } catch (error) {
    throw error instanceof StartupError ? error : unreachable(place, variable, error)
  } finally {
    await client.end().catch(() => {})
  }
}

function unreachable(place: string, variable: string, error: unknown): StartupError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason =
    mending[code]?.replace('DATABASE_URL', variable) ??
    (error instanceof Error ? error.message : String(error))
  return new StartupError(`The database ${place} cannot be used: ${reason}.`, exitCodes.unavailable, {
    cause: error,
  })
}
