import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { PostgresBinaries } from './binaries.ts'
import { postgresEnvironment, type Cluster } from './cluster.ts'
import type { ServerUser } from './server-user.ts'

/** The first process of a PostgreSQL server, as it describes itself in postmaster.pid. */
export interface Postmaster {
  pid: number
  port: number
  /** False while it starts, recovers or stops. */
  ready: boolean
}

/**
 * The server that runs on this cluster, whoever started it. A file left by one that died is removed
 * where PostgreSQL itself would take it for alive.
 */
export function findPostmaster({ folder }: Cluster): Postmaster | null {
  const file = join(folder, 'postmaster.pid')
  const [pid, , , port, , , , status] = readIfThere(file).split('\n')
  if (!pid || !port) return null
  const isRunning = runsOn(Number(pid), folder)
  if (isRunning === 'other') rmSync(file, { force: true })

  return isRunning === 'yes'
    ? { pid: Number(pid), port: Number(port), ready: status?.trim() === 'ready' }
    : null
}

/**
 * 'other': the number exists but is not this server. It was given to another process since, or a parent
 * that does not reap (as in many containers) keeps the dead one as a zombie, which answers kill(pid, 0).
 */
function runsOn(pid: number, folder: string): 'yes' | 'no' | 'other' {
  try {
    process.kill(pid, 0)
  } catch (error) {
    const isForeign = error instanceof Error && 'code' in error && error.code === 'EPERM'
    if (!isForeign) return 'no'
  }
  if (process.platform !== 'linux') return 'yes'
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0]
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return state !== 'Z' && state !== 'X' && command.includes(folder) ? 'yes' : 'other'
  } catch {
    return 'no'
  }
}

/**
 * Starts a server that outlives us: in its own session, so that Ctrl-C reaches only the app, which closes
 * its connections first. Resolves when it is ready, or with what it complained of when it gave up.
 */
export async function spawnPostmaster(
  { postgres }: PostgresBinaries,
  cluster: Cluster,
  user: ServerUser,
  durable: boolean,
): Promise<Postmaster | { refusal: string }> {
  if (existsSync(cluster.log)) renameSync(cluster.log, `${cluster.log}.1`)
  const log = openSync(cluster.log, 'w', 0o600)
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(await findFreePort()),
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(postgres, ['-D', cluster.folder, ...options], {
    cwd: '/',
    detached: true,
    env: postgresEnvironment,
    stdio: ['ignore', log, log],
    ...user,
  })
  closeSync(log)
  child.unref()
  const gaveUp = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', () => resolve(lastComplaint(cluster)))
  })
  return Promise.race([gaveUp.then((refusal) => ({ refusal })), untilReady(cluster, child)])
}

async function untilReady(
  cluster: Cluster,
  child: ChildProcess,
): Promise<Postmaster | { refusal: string }> {
  while (child.exitCode === null && child.signalCode === null) {
    const postmaster = findPostmaster(cluster)
    if (postmaster?.ready && postmaster.pid === child.pid) return postmaster
    await wait(15)
  }
  return { refusal: lastComplaint(cluster) }
}

/** "Fast": connections are ended and everything is written, so that the next start has nothing to recover. */
export async function stopPostmaster(cluster: Cluster, { pid }: Postmaster): Promise<void> {
  const stillRuns = () => findPostmaster(cluster)?.pid === pid
  if (!stillRuns()) return

  process.kill(pid, 'SIGINT')
  while (stillRuns()) await wait(15)
}

export function lastComplaint({ log }: Cluster): string {
  const lines = readIfThere(log).trim().split('\n')
  return (lines.findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? lines.at(-1)) || 'it wrote no log'
}

/** A server removes its file when it ends, perhaps at this moment. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' ? address?.port : undefined
      probe.close(() => (port ? resolve(port) : reject(new Error('no free TCP port on 127.0.0.1'))))
    })
  })
}
