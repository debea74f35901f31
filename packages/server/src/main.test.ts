import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { createTestDatabase } from '../test/database.ts'
import { type ServerProcess, startServerProcess } from '../test/server-process.ts'

// On a busy machine a start takes a while, and more so one that makes a database.
vi.setConfig({ testTimeout: 60_000 })

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

function makeDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanyard-main-'))
  chmodSync(folder, 0o755)
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function run(environment: NodeJS.ProcessEnv): ServerProcess {
  const started = startServerProcess(environment)
  cleanUps.push(() => started[Symbol.asyncDispose]())
  return started
}

test('a first start says where it runs, how to sign in and where the data is, and stops in order', async () => {
  const dataDir = makeDataDir()
  const first = run({ DATA_DIR: dataDir })
  await first.until('Ctrl-C')

  expect(first.output()).toMatch(/Lanyard runs at http:\/\/127\.0\.0\.1:\d+\n/)
  expect(first.output()).toContain('admin or member, password lanyard-demo-2026')
  expect(first.output()).toContain(dataDir)
  const [url = ''] = /http:\/\/\S+/.exec(first.output()) ?? []
  expect((await fetch(new URL('/readyz', url))).status).toBe(200)

  first.child.kill('SIGINT')
  first.child.kill('SIGINT')
  expect(await first.exitCode()).toBe(0)
  expect(existsSync(join(dataDir, 'postgres/cluster/postmaster.pid'))).toBe(false)
})

test('a signal while it still starts stops it in order as well', async () => {
  const dataDir = makeDataDir()
  const early = run({ DATA_DIR: dataDir })
  await early.until('Starting PostgreSQL')
  early.child.kill('SIGTERM')

  expect(await early.exitCode()).toBe(0)
  expect(early.output()).not.toContain('Lanyard runs at')
  expect(existsSync(join(dataDir, 'postgres/cluster/postmaster.pid'))).toBe(false)
})

test('on a database of the operator nothing is seeded, and the next step is named', async () => {
  const database = await createTestDatabase()
  cleanUps.push(() => database.drop())
  const started = run({ DATABASE_URL: database.url })
  await started.until('Ctrl-C')

  expect(started.output()).toContain('pnpm lanyard create-admin')
  const [link = ''] = /http:\S+\/setup\/[\w-]{43}/.exec(started.output()) ?? []
  expect((await fetch(link)).status).toBe(200)
  expect(started.output()).not.toContain('password')
  expect(started.output()).not.toContain(new URL(database.url).password)
})

test('a taken port is told in one sentence', async () => {
  const occupant = createServer().listen(0, '127.0.0.1')
  await once(occupant, 'listening')
  cleanUps.push(() => occupant.close())
  const address = occupant.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const database = await createTestDatabase()
  cleanUps.push(() => database.drop())
  const refused = run({ DATABASE_URL: database.url, PORT: port })

  expect(await refused.exitCode()).toBe(69)
  expect(refused.output()).toContain(
    `Port ${port} is taken: stop what listens there, or set PORT to another one.`,
  )
  expect(refused.output()).not.toContain('    at ')
})

test.each([
  ['wrong settings', { PORT: 'x', DEMO: 'perhaps' }, 78, /PORT: must be .*\n.*DEMO: must be on or off/],
  [
    'a DATA_DIR that cannot be',
    { DATA_DIR: '/dev/null/data' },
    73,
    /DATA_DIR \/dev\/null\/data cannot be used \(ENOTDIR\)/,
  ],
  [
    'a database that is down',
    { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/none' },
    69,
    /127\.0\.0\.1:1\/none cannot be used: nothing listens there/,
  ],
])(
  '%s: a sentence, an exit code, no stack trace and no secret',
  async (_case, environment, exitCode, sentence) => {
    const refused = run(environment)

    expect(await refused.exitCode()).toBe(exitCode)
    expect(refused.output()).toMatch(sentence)
    expect(refused.output()).not.toContain('    at ')
    expect(refused.output()).not.toContain('hunter2')
  },
)

test('what nobody caught ends the server with a line that does not repeat what was sent', async () => {
  const database = await createTestDatabase()
  cleanUps.push(() => database.drop())
  const fault = "process.once('SIGUSR2',()=>{throw(new(Error)('MARKER'))})"
  const started = run({
    DATABASE_URL: database.url,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}`,
  })
  await started.until('Ctrl-C')
  started.child.kill('SIGUSR2')

  expect(await started.exitCode()).toBe(1)
  expect(started.output()).toContain('"msg":"the server ended"')
  expect(started.output()).not.toContain('MARKER')
})
