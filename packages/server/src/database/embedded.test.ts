import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Client } from 'pg'
import { afterEach, expect, test } from 'vitest'
import { testNeeding } from '../../test/needs.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts'
import { canEnter, type ServerUser } from './embedded/server-user.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

/** A folder that PostgreSQL's own user may enter when the tests run as root. */
function makeDataDir(mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanyard-embedded-'))
  chmodSync(folder, mode)
  cleanUps.push(() => {
    // One that is closed to its owner cannot be looked into, nor removed.
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

async function start(dataDir: string, durable = false): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, durable })
  cleanUps.push(() => postgres.stop())
  return postgres
}

async function query(url: string, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text: statement, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

/** Another process on the same folder, and what it printed: its URL, or why it was refused. */
async function startElsewhere(
  dataDir: string,
  user?: ServerUser,
): Promise<{ process: ChildProcess; answer: string }> {
  const program = join(import.meta.dirname, '../../test/use-embedded-postgres.ts')
  const child = spawn(process.execPath, ['--no-warnings', program, dataDir], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
    ...user,
  })
  cleanUps.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.stdin.end()
    await once(child, 'exit')
  })
  const answer = await createInterface(child.stdout).question('')
  return { process: child, answer }
}

async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

function postmasterPid(dataDir: string): number | null {
  const file = join(dataDir, 'postgres/cluster/postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n', 1)[0]) : null
}

test('the first start makes a database that sorts by code point, and later ones keep what is in it', async () => {
  const dataDir = join(makeDataDir(), 'made/by/us')
  const first = await start(dataDir)
  expect(await query(first.url, 'show server_version')).toMatch(/^18\./)
  expect(
    await query(
      first.url,
      `select datlocprovider::text || datlocale from pg_database where datname = 'lanyard'`,
    ),
  ).toBe('bC.UTF-8')
  await query(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  expect(postmasterPid(dataDir)).toBeNull()

  const second = await start(dataDir)
  expect(await query(second.url, 'select answer from kept')).toBe(42)
})

test('nobody comes in without the password, which only its owner can read', async () => {
  const dataDir = makeDataDir()
  const { url } = await start(dataDir)
  const guess = new URL(url)
  guess.password = 'guess'

  await expect(query(guess.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect(lstatSync(join(dataDir, 'postgres/password')).mode & 0o777).toBe(0o600)
})

test('after the app was killed its server is taken over as it runs', async () => {
  const dataDir = makeDataDir()
  const killed = await startElsewhere(dataDir)
  await query(killed.answer, 'create table kept as select 42 as answer')
  const pid = postmasterPid(dataDir)
  await killHard(killed.process)

  const next = await start(dataDir)
  expect(postmasterPid(dataDir)).toBe(pid)
  expect(await query(next.url, 'select answer from kept')).toBe(42)

  await next.stop()
  expect(postmasterPid(dataDir)).toBeNull()
})

test('after the server was killed the next start recovers what was committed', async () => {
  const dataDir = makeDataDir()
  const first = await start(dataDir, true)
  await query(first.url, 'create table kept as select 42 as answer')
  const pid = postmasterPid(dataDir)
  if (pid) process.kill(pid, 'SIGKILL')

  const next = await start(dataDir)
  expect(postmasterPid(dataDir)).not.toBe(pid)
  expect(await query(next.url, 'select answer from kept')).toBe(42)
})

test('a pid file whose number now belongs to another process does not stop the start', async () => {
  const dataDir = makeDataDir()
  await (await start(dataDir)).stop()
  const pidFile = join(dataDir, 'postgres/cluster/postmaster.pid')
  writeFileSync(
    pidFile,
    [process.ppid, 'somewhere', 0, 5432, '', '127.0.0.1', '1 1', 'ready', ''].join('\n'),
  )

  expect(await query((await start(dataDir)).url, 'select 1')).toBe(1)
})

test('the last of those who use a server stops it', async () => {
  const dataDir = makeDataDir()
  const first = await start(dataDir)
  const second = await start(dataDir)
  expect(second.url).toBe(first.url)

  await first.stop()
  expect(await query(second.url, 'select 1')).toBe(1)

  await second.stop()
  await second.stop()
  expect(postmasterPid(dataDir)).toBeNull()
})

test('several starts in one moment share one new database', async () => {
  const dataDir = makeDataDir()
  const all = await Promise.all([start(dataDir), start(dataDir), startElsewhere(dataDir)])

  expect(new Set([all[0].url, all[1].url, all[2].answer]).size).toBe(1)
})

test('a start while the last one is stopping waits for it and starts anew', async () => {
  const dataDir = makeDataDir()
  const first = await start(dataDir)
  const [, next] = await Promise.all([first.stop(), start(dataDir)])

  expect(await query(next.url, 'select 1')).toBe(1)
})

test('a DATA_DIR that is no folder is refused in one sentence', async () => {
  const file = join(makeDataDir(), 'file')
  writeFileSync(file, '')

  await expect(start(file)).rejects.toThrow(
    /^DATA_DIR .*\/file cannot be used \(EEXIST\)\. Make it a folder/,
  )
})

test('data of another major version is refused and left alone', async () => {
  const dataDir = makeDataDir()
  await (await start(dataDir)).stop()
  const versionFile = join(dataDir, 'postgres/cluster/PG_VERSION')
  writeFileSync(versionFile, '17\n')

  await expect(start(dataDir)).rejects.toThrow('was made by PostgreSQL 17, and this is PostgreSQL 18')
  expect(readFileSync(versionFile, 'utf8')).toBe('17\n')
})

const ownUid = process.getuid?.() ?? 0
const isRoot = ownUid === 0
/** Whom root becomes to be an ordinary user; everybody else is one. */
const ordinaryUser = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : undefined
const isOpenToOthers = !ordinaryUser || canEnter(ordinaryUser, realpathSync(import.meta.dirname))

function idOf(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }))
}

testNeeding(
  'a checkout that an ordinary user may enter',
  isOpenToOthers,
  'an ordinary user owns the server and the data',
  async () => {
    const dataDir = makeDataDir()
    if (ordinaryUser) chownSync(dataDir, ordinaryUser.uid, ordinaryUser.gid)
    const { answer } = await startElsewhere(dataDir, ordinaryUser)

    expect(await query(answer, 'select 1')).toBe(1)
    expect(lstatSync(join(dataDir, 'postgres/cluster')).uid).toBe(ordinaryUser?.uid ?? ownUid)
  },
)

testNeeding(
  'a checkout that an ordinary user may enter',
  isOpenToOthers,
  'a DATA_DIR that this user may not read is refused in one sentence',
  async () => {
    const { answer } = await startElsewhere(makeDataDir(isRoot ? 0o700 : 0), ordinaryUser)

    expect(answer).toMatch(
      /DATA_DIR .* cannot be used \(EACCES\)\. Make it a folder that this user may read and write/,
    )
  },
)

testNeeding(
  'root, to close a folder to PostgreSQL',
  isRoot,
  'below a closed folder root keeps the data elsewhere',
  async () => {
    const closed = makeDataDir(0o700)
    const dataDir = join(closed, 'data')
    mkdirSync(dataDir)
    const first = await start(dataDir)
    const home = realpathSync(join(dataDir, 'postgres'))
    cleanUps.unshift(() => rmSync(home, { recursive: true, force: true }))
    expect(home).toMatch(/^\/var\/lib\/lanyard\/data-/)
    await query(first.url, 'create table kept as select 42 as answer')
    await first.stop()

    expect(await query((await start(dataDir)).url, 'select answer from kept')).toBe(42)
  },
)

test('the app has a role of its own, also in a folder that was made before there was one', async () => {
  const dataDir = makeDataDir()
  const before = await start(dataDir)
  await query(before.url, 'create table sample (id int)')
  expect(await query(before.appUrl, 'select current_user')).toBe('lanyard_app')
  await expect(query(before.appUrl, 'select from sample')).rejects.toThrow('permission denied')
  await query(before.url, 'drop role lanyard_app')
  await before.stop()
  rmSync(join(realpathSync(join(dataDir, 'postgres')), 'app-password'))

  const [first, second] = await Promise.all([start(dataDir), start(dataDir)])
  expect(first.appUrl).toBe(second.appUrl)
  expect(first.appUrl).not.toBe(before.appUrl)
  expect(await query(first.appUrl, 'select current_user')).toBe('lanyard_app')
})
