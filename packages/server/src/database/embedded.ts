import { accessSync, constants, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client, escapeLiteral } from 'pg'
import { exitCodes, StartupError } from '../startup-error.ts'
import { locateBinaries } from './embedded/binaries.ts'
import {
  appRole,
  createCluster,
  databaseName,
  describeCode,
  findClusterHome,
  openCluster,
  readOrMakePassword,
  type Cluster,
} from './embedded/cluster.ts'
import { findPostmaster, lastComplaint, spawnPostmaster, stopPostmaster } from './embedded/postmaster.ts'
import { ServerHold } from './embedded/server-hold.ts'
import { chooseServerUser } from './embedded/server-user.ts'

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Of the database `lanyard`, with the password of its owner. */
  readonly url: string
  /** Of the same, as the role that the app runs as. */
  readonly appUrl: string
  readonly dataDir: string
  /** Stops the server unless another process uses it too; the last one out stops it. May be called twice. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  dataDir: string
  /** False trades the data for speed after a power cut: for tests. */
  durable?: boolean
  /** Told in a few words what takes time. */
  onProgress?: (step: string) => void
}

/** Long enough for a recovery after a crash with much unwritten work. */
const PATIENCE_SECONDS = 300

/** What a server that could not start may complain of when another start or a dying server is in its way. */
const passingRefusal =
  /Address already in use|could not create any TCP\/IP sockets|postmaster\.pid|shared memory/

/**
 * PostgreSQL 18 from npm on a folder of its own, on a free port of 127.0.0.1. A server that already runs on that
 * folder is used as it is: after the app was killed, or when a command runs beside it.
 * @throws StartupError with a sentence that says how to mend it
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { durable = true, onProgress = () => {} } = options
  const dataDir = resolve(options.dataDir)
  ensureWritable(dataDir)

  const existingHome = findClusterHome(dataDir)
  const user = chooseServerUser(existingHome && join(existingHome, 'cluster'))
  const binaries = locateBinaries(user)
  if (!existingHome) onProgress(`Creating the database in ${dataDir}`)
  const home = existingHome ?? (await createCluster(dataDir, user, binaries, durable))
  const cluster = openCluster(home, user, binaries)

  const giveUpAt = Date.now() + PATIENCE_SECONDS * 1000
  let complaint = ''
  while (Date.now() < giveUpAt) {
    const running = findPostmaster(cluster)
    if (!running) {
      onProgress(`Starting PostgreSQL ${binaries.majorVersion}`)
      const started = await spawnPostmaster(binaries, cluster, user, durable)
      if ('refusal' in started) {
        complaint = started.refusal
        if (!passingRefusal.test(complaint)) break
      }
    } else if (running.ready) {
      const hold = new ServerHold(urlOf(cluster, running.port, 'postgres'))
      try {
        await hold.acquire()
        const maintenanceUrl = urlOf(cluster, running.port, 'postgres')
        await createDatabaseOnce(maintenanceUrl)
        const appPassword = await preparePasswordOfApp(maintenanceUrl, home)
        return embeddedPostgres({ dataDir, cluster, port: running.port, hold, appPassword })
      } catch (error) {
        // It was stopping, or had just been asked to: look again at what is there.
        complaint = describeCode(error)
        await hold.close()
      }
    }
    await wait(30)
  }
  throw new StartupError(
    `The embedded PostgreSQL does not start: ${complaint || lastComplaint(cluster)}. Its log is ${cluster.log}.`,
    exitCodes.unavailable,
  )
}

interface Joined {
  dataDir: string
  cluster: Cluster
  port: number
  hold: ServerHold
  appPassword: string
}

function embeddedPostgres({ dataDir, cluster, port, hold, appPassword }: Joined): EmbeddedPostgres {
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= leave(cluster, hold))
  const url = urlOf(cluster, port, databaseName)
  const appUrl = new URL(url)
  appUrl.username = appRole
  appUrl.password = appPassword
  return { url, appUrl: appUrl.href, dataDir, stop, [Symbol.asyncDispose]: stop }
}

/** The lock is kept until the server is gone, so that a newcomer is not let in on the way out. */
async function leave(cluster: Cluster, hold: ServerHold): Promise<void> {
  const isLast = await hold.release()
  const postmaster = isLast ? findPostmaster(cluster) : null
  if (postmaster) await stopPostmaster(cluster, postmaster)
  await hold.close()
}

/** Makes the role that the app runs as, in folders from before there was one too; one start after the other. */
async function preparePasswordOfApp(url: string, home: string): Promise<string> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [appRole])
    const password = readOrMakePassword(home)
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [appRole])
    const verb = rowCount === 0 ? 'create' : 'alter'
    await client.query(`${verb} role ${appRole} login password ${escapeLiteral(password)}`)
    await client.query('commit')
    return password
  } finally {
    await client.end()
  }
}

async function createDatabaseOnce(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`create database ${databaseName}`)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // duplicate_database, or unique_violation when both were at it in the same moment.
    const isMadeByAnother = code === '42P04' || code === '23505'
    if (!isMadeByAnother) throw error
  } finally {
    await client.end()
  }
}

function urlOf({ password }: Cluster, port: number, database: string): string {
  return `postgres://${databaseName}:${password}@127.0.0.1:${port}/${database}`
}

function ensureWritable(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new StartupError(
      `DATA_DIR ${dataDir} cannot be used (${describeCode(error)}). ` +
        'Make it a folder that this user may read and write, or set DATA_DIR to another one.',
      exitCodes.cannotWrite,
      { cause: error },
    )
  }
}
