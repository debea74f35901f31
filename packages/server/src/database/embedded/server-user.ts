import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { exitCodes, StartupError } from '../../startup-error.ts'

/** Whom PostgreSQL runs as. Null: as whoever runs us, which is right for everybody but root. */
export type ServerUser = { uid: number; gid: number } | null

/**
 * PostgreSQL refuses to run as root, so root lends it another user: the owner of the data where there is some,
 * else `postgres`, else `nobody`.
 * @throws StartupError when root has nobody to lend
 */
export function chooseServerUser(existingCluster: string | null): ServerUser {
  if (process.getuid?.() !== 0) return null

  if (existingCluster) {
    const { uid, gid } = statSync(existingCluster)
    if (uid !== 0) return { uid, gid }
  }
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const user = findUser(name)
    if (user && user.uid !== 0) return user
  }
  throw new StartupError(
    'PostgreSQL refuses to run as root, and neither a user "postgres" nor "nobody" exists to run it as. ' +
      'Start Lanyard as an ordinary user, or set DATABASE_URL.',
    exitCodes.unavailable,
  )
}

/** Whether that user may enter the folder: each folder on the way has to let them through. */
export function canEnter(user: NonNullable<ServerUser>, folder: string): boolean {
  const { mode, uid, gid } = statSync(folder)
  const executeBit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  if ((mode & executeBit) === 0) return false

  const parent = dirname(folder)
  return parent === folder || canEnter(user, parent)
}

function findUser(name: string): ServerUser {
  try {
    const [uid, gid] = ['-u', '-g'].map((option) =>
      Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })),
    )
    return uid === undefined || gid === undefined ? null : { uid, gid }
  } catch {
    return null
  }
}
