import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { exitCodes, StartupError } from '../../startup-error.ts'
import { sharedFolder, type PostgresBinaries } from './binaries.ts'
import { canEnter, type ServerUser } from './server-user.ts'

/** The role that owns the embedded database, and the name of that database. */
export const databaseName = 'lanyard'

/** The role that the app runs as, to which no table belongs. */
export const appRole = 'lanyard_app'

/** Nothing of ours: a stray PGDATA or LC_ALL of the caller would change what is made. */
export const postgresEnvironment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' }

/** A folder made by initdb, with its password and its log beside it. */
export interface Cluster {
  /** What PostgreSQL calls the data directory. */
  folder: string
  password: string
  log: string
}

/** The folder that holds the cluster of a DATA_DIR, with links followed; null before the first start. */
export function findClusterHome(dataDir: string): string | null {
  const home = join(dataDir, 'postgres')
  return existsSync(home) ? realpathSync(home) : null
}

/** @throws StartupError when this user may not use it or another major version made it */
export function openCluster(home: string, user: ServerUser, { majorVersion }: PostgresBinaries): Cluster {
  const folder = join(home, 'cluster')
  if (user && !canEnter(user, home)) {
    throw new StartupError(
      `PostgreSQL runs as uid ${user.uid}, who cannot enter ${home}: a folder above it is closed to them. ` +
        'Open it (chmod o+x), or set DATA_DIR to another folder.',
      exitCodes.cannotWrite,
    )
  }
  try {
    const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
    if (version !== majorVersion) {
      throw new StartupError(
        `${home} was made by PostgreSQL ${version}, and this is PostgreSQL ${majorVersion}. ` +
          'Dump it with the old version and load it with the new one, or set DATA_DIR to another folder.',
        exitCodes.cannotWrite,
      )
    }
    const password = readFileSync(join(home, 'password'), 'utf8').trim()
    return { folder, password, log: join(home, 'postgres.log') }
  } catch (error) {
    if (error instanceof StartupError) throw error
    throw new StartupError(
      `The database in ${home} cannot be read (${describeCode(error)}). Start Lanyard as the user who made it, ` +
        'or set DATA_DIR to another folder.',
      exitCodes.cannotWrite,
      { cause: error },
    )
  }
}

/** The password of the app's role; the caller sees to it that one does this at a time. */
export function readOrMakePassword(home: string): string {
  const file = join(home, 'app-password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

/**
 * Makes a new cluster and returns its home. It is made beside and put in place by one rename or link,
 * so that neither a crash nor a second start at the same moment leaves half a database.
 */
export async function createCluster(
  dataDir: string,
  user: ServerUser,
  binaries: PostgresBinaries,
  durable: boolean,
): Promise<string> {
  const home = join(dataDir, 'postgres')
  const isHidden = user !== null && !canEnter(user, realpathSync(dataDir))
  const unfinished = isHidden
    ? join(sharedFolder, `data-${randomUUID()}`)
    : join(dataDir, `postgres.unfinished-${randomUUID()}`)
  try {
    if (isHidden) mkdirSync(sharedFolder, { recursive: true, mode: 0o755 })
    mkdirSync(unfinished, { mode: 0o700 })
    const passwordFile = join(unfinished, 'password')
    writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (user) for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid)
    await runInitdb(binaries, unfinished, user, durable)

    if (isHidden) symlinkSync(unfinished, home)
    else renameSync(unfinished, home)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    const madeByAnotherProcess = findClusterHome(dataDir)
    if (madeByAnotherProcess) return madeByAnotherProcess
    throw new StartupError(
      `The database could not be created in ${dataDir} (${describeCode(error)}). ` +
        'Check the free space and the owner of that folder, or set DATA_DIR to another folder.',
      exitCodes.cannotWrite,
      { cause: error },
    )
  }
  return realpathSync(home)
}

/** The builtin provider sorts by code point the same way everywhere; neither ICU nor the system's locales are asked. */
async function runInitdb(
  binaries: PostgresBinaries,
  home: string,
  user: ServerUser,
  durable: boolean,
): Promise<void> {
  const options = [
    `--pgdata=${join(home, 'cluster')}`,
    `--username=${databaseName}`,
    `--pwfile=${join(home, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ]
  await promisify(execFile)(binaries.initdb, options, { cwd: '/', env: postgresEnvironment, ...user })
}

/** What the system or initdb said, on one line. */
export function describeCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('stderr' in error && typeof error.stderr === 'string' && error.stderr.trim()) {
    return error.stderr.trim().split('\n').at(-1) ?? error.message
  }
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
