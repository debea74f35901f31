import { connect, createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { testSealing, testSecretKeys } from '../../test/secret-keys.ts'
import { createTestDatabase } from '../../test/database.ts'
import { loadConfig } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { seedDemonstration } from '../seed/demo.ts'
import { newSealingKey } from '../sealing-keys.ts'
import type { DatabaseUrls } from '../open-database.ts'
import { examine } from './doctor.ts'

const database = await createTestDatabase()
afterAll(() => database.drop())

const databaseUrls = { url: database.appUrl, ownerUrl: database.url }
const config = loadConfig({ DATA_DIR: tmpdir() })

async function wrongIn(environment: NodeJS.ProcessEnv, urls = databaseUrls): Promise<string[]> {
  const findings = await examine(loadConfig({ DATA_DIR: tmpdir(), ...environment }), urls)
  return findings.filter(({ state }) => state === 'wrong').map(({ text }) => text)
}

/** Stands before the database as a pooler does. */
async function startProxy(): Promise<{ url: string; close: () => void }> {
  const target = new URL(database.url)
  const proxy = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname)
    socket.pipe(upstream).pipe(socket)
    for (const end of [socket, upstream]) end.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  const url = new URL(database.url)
  url.port = typeof address === 'object' ? String(address?.port) : ''
  return { url: url.href, close: () => proxy.close() }
}

test('nobody to administer the server is wrong, and named with its remedy', async () => {
  expect(await wrongIn({})).toEqual(['There is no administrator: run pnpm lanyard create-admin'])
})

test('a server with its people has nothing wrong', async () => {
  await seedDemonstration(database.url, systemClock, testSealing)
  const findings = await examine(config, databaseUrls)

  expect(findings.filter(({ state }) => state === 'wrong')).toEqual([])
})

test('a DATA_DIR that cannot be written is wrong', async () => {
  expect(await wrongIn({ DATA_DIR: join('/dev/null', 'data') })).toEqual([
    expect.stringContaining('DATA_DIR /dev/null/data cannot be written'),
  ])
})

test('a database that lacks migrations is wrong', async () => {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const name = `${new URL(database.url).pathname.slice(1)}_empty`
  await client.query(`create database ${name} template template0`)
  const url = new URL(database.url)
  url.pathname = name
  try {
    expect(await wrongIn({}, { url: url.href, ownerUrl: url.href })).toEqual([
      expect.stringMatching(/^The database lacks \d{14}_.*: run pnpm lanyard migrate$/),
      'There is no administrator: run pnpm lanyard create-admin',
    ])
  } finally {
    await client.query(`drop database ${name} with (force)`)
    await client.end()
  }
})

test('it is told as which role the server runs, and that it had better be one that owns nothing', async () => {
  const aboutRole = async (urls: DatabaseUrls) =>
    (await examine(config, urls)).find(({ text }) => text.startsWith('The server runs as'))
  const { username: app } = new URL(database.appUrl)
  const { username: owner } = new URL(database.url)

  expect(await aboutRole(databaseUrls)).toEqual({
    state: 'ok',
    text: `The server runs as ${app}, who may not change tables`,
  })
  expect(await aboutRole({ url: database.url, ownerUrl: database.url })).toEqual({
    state: 'hint',
    text: `The server runs as ${owner}, who may change tables; with MIGRATION_DATABASE_URL it runs as one who may not`,
  })
})

test('something between us and the database is a hint about statement names', async () => {
  const proxy = await startProxy()
  try {
    const hints = async (names: 'on' | 'off') => {
      const findings = await examine(loadConfig({ DATA_DIR: tmpdir(), STATEMENT_NAMES: names }), {
        url: proxy.url,
        ownerUrl: proxy.url,
      })
      return findings.find(({ text }) => text.startsWith('Something stands between us'))
    }

    expect(await hints('on')).toMatchObject({
      state: 'hint',
      text: expect.stringContaining('STATEMENT_NAMES=off'),
    })
    expect(await hints('off')).toMatchObject({
      state: 'hint',
      text: expect.stringContaining('without names'),
    })
  } finally {
    proxy.close()
  }
})

test('channels that nothing carries are named with what would set them up, unless the catcher takes them', async () => {
  const hints = async (environment: NodeJS.ProcessEnv) =>
    (
      await examine(
        loadConfig({ DATA_DIR: tmpdir(), SECRET_KEYS: testSecretKeys, ...environment }),
        databaseUrls,
      )
    )
      .filter(({ state }) => state === 'hint')
      .map(({ text }) => text)
  expect(await hints({ CATCHER: 'on' })).toEqual([
    'What no carrier is configured for is shown at http://localhost:4000/outbox',
  ])
  expect(await hints({ CATCHER: 'off', SMTP_URL: 'smtp://127.0.0.1' })).toEqual([
    'Nothing is sent by sms (TWILIO_ACCOUNT_SID), voice (TWILIO_ACCOUNT_SID), whatsapp (TWILIO_WHATSAPP_FROM), slack (SLACK_CLIENT_ID): no carrier is configured',
  ])
})

test('a key that is lost is wrong once something is sealed with it', async () => {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(`insert into server_key (name, sealed, created_at) values ('sample', $1, now())`, [
    testSealing.seal('sample', 'server_key:sample'),
  ])
  expect(await wrongIn({ SECRET_KEYS: testSecretKeys })).toEqual([])
  expect(await wrongIn({ SECRET_KEYS: 'another-key-that-is-long-enough-to-be-one' })).toEqual([
    expect.stringContaining('SECRET_KEYS lack the key'),
  ])
  const rotated = loadConfig({ DATA_DIR: tmpdir(), SECRET_KEYS: `${newSealingKey()},${testSecretKeys}` })
  expect(await examine(rotated, databaseUrls)).toContainEqual({
    state: 'hint',
    text: expect.stringMatching(/^Another key than the first .* sealed \d+ values: run pnpm lanyard rekey/),
  })
  await client.query('delete from server_key')
  await client.end()
})
