import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Client } from 'pg'
import type { Config } from '../config.ts'
import { pendingMigrations } from '../database/migrate.ts'
import { unsentChannels, variableOfChannel } from '../delivery/unsent-channels.ts'
import type { DatabaseUrls } from '../open-database.ts'
import { openSealingKeys } from '../open-sealing-keys.ts'
import { countOldSeals } from './rekey.ts'

export interface Finding {
  state: 'ok' | 'hint' | 'wrong'
  text: string
}

/** Seconds by which our clock and the database's may differ: sessions and codes are dated by ours, rows by both. */
const LARGEST_CLOCK_DIFFERENCE = 5

/** Looks at what the server stands on and says, line by line, what is wrong and how to mend it. */
export async function examine(config: Config, { url, ownerUrl }: DatabaseUrls): Promise<Finding[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return [
      dataDirFinding(config),
      await versionFinding(client),
      await roleFinding(client, url !== ownerUrl),
      await migrationsFinding(ownerUrl),
      await administratorFinding(client),
      await clockFinding(client),
      await poolerFinding(client, config),
      carriersFinding(config),
      await sealingFinding(client, config),
    ]
  } finally {
    await client.end()
  }
}

function dataDirFinding({ dataDir }: Config): Finding {
  // With a database of the operator's nothing has made the folder yet; what counts is whether we may.
  const folder = existsSync(dataDir) ? dataDir : dirname(dataDir)
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return { state: 'ok', text: `DATA_DIR ${dataDir} can be written` }
  } catch {
    return {
      state: 'wrong',
      text: `DATA_DIR ${dataDir} cannot be written by this user: change its owner or DATA_DIR`,
    }
  }
}

async function versionFinding(client: Client): Promise<Finding> {
  const version = await ask(client, 'show server_version')
  return { state: 'ok', text: `The database answers; it is PostgreSQL ${String(version)}` }
}

/** Whoever takes the app over can do what its role can. */
async function roleFinding(client: Client, isApart: boolean): Promise<Finding> {
  const role = String(await ask(client, 'select current_user'))
  const mayCreate = await ask(client, `select has_schema_privilege(current_user, 'public', 'create')`)
  if (mayCreate === false)
    return { state: 'ok', text: `The server runs as ${role}, who may not change tables` }
  return {
    state: 'hint',
    text: isApart
      ? `The server runs as ${role}, who may change tables: run pnpm lanyard migrate, or take that right from the role`
      : `The server runs as ${role}, who may change tables; with MIGRATION_DATABASE_URL it runs as one who may not`,
  }
}

async function migrationsFinding(databaseUrl: string): Promise<Finding> {
  const pending = await pendingMigrations(databaseUrl)
  if (pending.length === 0) return { state: 'ok', text: 'The database is up to date' }
  return { state: 'wrong', text: `The database lacks ${pending.join(', ')}: run pnpm lanyard migrate` }
}

async function administratorFinding(client: Client): Promise<Finding> {
  const table = await ask(client, `select to_regclass('"user"')`)
  const administrators = table
    ? Number(await ask(client, 'select count(*) from "user" where super_admin'))
    : 0
  return administrators > 0
    ? { state: 'ok', text: 'There is somebody who administers this server' }
    : { state: 'wrong', text: 'There is no administrator: run pnpm lanyard create-admin' }
}

async function clockFinding(client: Client): Promise<Finding> {
  const askedAt = Date.now()
  const databaseTime = Number(await ask(client, 'select extract(epoch from clock_timestamp())')) * 1000
  const difference = Math.abs(databaseTime - (askedAt + Date.now()) / 2) / 1000
  const text = `This clock and the database's differ by ${difference.toFixed(1)} s`
  if (difference <= LARGEST_CLOCK_DIFFERENCE) return { state: 'ok', text }
  return { state: 'wrong', text: `${text}: set both by NTP` }
}

/** Whoever stands between sees another port of ours than we do. */
async function poolerFinding(client: Client, { statementNames }: Config): Promise<Finding> {
  const portSeen = Number(await ask(client, 'select inet_client_port()'))
  const socket = 'stream' in client.connection ? client.connection.stream : undefined
  const ourPort = socket && 'localPort' in socket ? socket.localPort : undefined
  if (!portSeen || portSeen === ourPort)
    return { state: 'ok', text: 'The connection to the database is direct' }
  return {
    state: 'hint',
    text: statementNames
      ? 'Something stands between us and the database. If it is PgBouncer, it has to be 1.21 or newer with max_prepared_statements above 0; else set STATEMENT_NAMES=off'
      : 'Something stands between us and the database; statements are sent without names, as any PgBouncer takes them',
  }
}

/** A message that nothing carries is suppressed, and the person reads so; the operator should not learn it from them. */
function carriersFinding(config: Config): Finding {
  const unsent = unsentChannels(config)
  if (config.catcher) {
    return {
      state: 'hint',
      text: `What no carrier is configured for is shown at ${config.publicUrl.origin}/outbox`,
    }
  }
  if (unsent.length === 0) return { state: 'ok', text: 'Every channel has a carrier' }
  const missing = unsent.map((channel) => `${channel.toLowerCase()} (${variableOfChannel[channel]})`)
  return { state: 'hint', text: `Nothing is sent by ${missing.join(', ')}: no carrier is configured` }
}

async function sealingFinding(client: Client, config: Config): Promise<Finding> {
  const table = await ask(client, `select to_regclass('server_key')`)
  const sealed = table ? await ask(client, `select sealed from server_key limit 1`) : undefined
  const fine: Finding = {
    state: 'ok',
    text: 'The first of SECRET_KEYS opens all that is sealed in the database',
  }
  // Each server seals something when it starts first.
  if (!Buffer.isBuffer(sealed)) return fine
  const keys = await openSealingKeys(config)
  if (!keys.knows(sealed)) {
    return {
      state: 'wrong',
      text: 'SECRET_KEYS lack the key that sealed what is in this database: add it, or put DATA_DIR back',
    }
  }
  const old = await countOldSeals(client, keys)
  return old === 0
    ? fine
    : {
        state: 'hint',
        text: `Another key than the first of SECRET_KEYS sealed ${old} values: run pnpm lanyard rekey before you remove it`,
      }
}

async function ask(client: Client, statement: string): Promise<unknown> {
  const { rows } = await client.query<unknown[]>({ text: statement, rowMode: 'array' })
  return rows[0]?.[0]
}
