import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { hashOfSecret } from './secret-keys.ts'
import { dumpDatabase } from '../../test/dump.ts'
import { createTestServer, type TestServer } from '../../test/server.ts'
import type { User } from '../users/user.entity.ts'

const server = await createTestServer()
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())
const password = 'correct horse battery'
const hour = 3600

async function signIn(user: User, on: TestServer = server): Promise<string> {
  const input = { login: user.username, password, rememberMe: true }
  const answer = await on.anonymous.mutate('signIn', input, 'status')
  return /lanyard-4000=([\w-]{43})/.exec(answer.headers.getSetCookie().join())?.[1] ?? ''
}

/** Asks, and waits until it is written that the session was used. */
async function isSignedIn(key: string): Promise<boolean> {
  const { data } = await server.withCookie(key).query('{ me { id } }')
  if (data.me === null) return false
  await expect.poll(() => lastSeenAt(key), { interval: 5 }).toEqual(server.clock.now())
  return true
}

async function lastSeenAt(key: string): Promise<Date | undefined> {
  const { rows } = await client.query<{ at: Date }>(
    `select last_seen_at as at from session join session_key k on k.session_id = id where k.hash = $1`,
    [hashOfSecret(key)],
  )
  return rows[0]?.at
}

test('a session that nobody uses for twelve hours is over', async () => {
  const key = await signIn(await server.build.user({ password }))
  server.clock.advanceSeconds(12 * hour - 60)
  expect(await isSignedIn(key)).toBe(true)
  server.clock.advanceSeconds(12 * hour - 60)
  expect(await isSignedIn(key)).toBe(true)
  server.clock.advanceSeconds(12 * hour + 1)
  expect(await isSignedIn(key)).toBe(false)
})

test('a session in daily use is over after thirty days, that of a super admin after one', async () => {
  const person = await signIn(await server.build.user({ password }))
  const superAdmin = await signIn(await server.build.user({ password, superAdmin: true }))
  const useUntil = async (hours: number) => {
    for (let passed = 0; passed < hours; passed += 8) {
      server.clock.advanceSeconds(8 * hour)
      await isSignedIn(person)
      await isSignedIn(superAdmin)
    }
  }
  await useUntil(16)
  expect(await isSignedIn(superAdmin)).toBe(true)
  await useUntil(8)
  expect(await isSignedIn(superAdmin)).toBe(false)

  await useUntil(29 * 24 - 8)
  expect(await isSignedIn(person)).toBe(true)
  await useUntil(8)
  expect(await isSignedIn(person)).toBe(false)
})

test('the page is told its own session, and when that was last used is written once a minute', async () => {
  const user = await server.build.user({ password })
  const key = await signIn(user)
  const start = server.clock.now()
  const lastSeen = async () => {
    const { data } = await server
      .withCookie(key)
      .query('{ me { currentSession { current device address createdAt lastSeenAt expiresAt } } }')
    return data.me.currentSession
  }
  server.clock.advanceSeconds(59)
  expect(await lastSeen()).toEqual({
    current: true,
    device: 'node',
    address: '127.0.0.1',
    createdAt: start.toISOString(),
    lastSeenAt: start.toISOString(),
    expiresAt: new Date(start.getTime() + 30 * 24 * hour * 1000).toISOString(),
  })
  server.clock.advanceSeconds(2)
  await lastSeen()
  await expect
    .poll(lastSeen, { interval: 5 })
    .toMatchObject({ lastSeenAt: server.clock.now().toISOString() })
})

test.each([
  ['an empty cookie', ''],
  ['a key that was never given', 'A'.repeat(43)],
  ['a key with something after it', `${'A'.repeat(43)}B`],
  ['a key that would be SQL', `' or true --${'A'.repeat(31)}`],
])('%s is nobody', async (_what, key) => {
  expect(await isSignedIn(key)).toBe(false)
})

test('whoever reads the database finds no cookie, no token and no password there', async () => {
  const { user, accountUser } = await server.build.member({ user: await server.build.user({ password }) })
  const input = { login: user.username, password }
  const cookies = (await server.anonymous.mutate('signIn', input, 'status')).headers.getSetCookie()
  const keys = cookies.map((cookie) => /=([\w-]{43});/.exec(cookie)?.[1] ?? '')
  expect(keys).toHaveLength(2)
  await server.anonymous.mutate(
    'signIn',
    { login: 'typed.by.mistake', password: 'into the wrong field' },
    'status',
  )
  await server.anonymous.mutate('signIn', { login: 'into the wrong field', password }, 'status')
  const created = await server
    .withCookie(keys[0] ?? '')
    .mutate('createPersonalAccessToken', { accountUserId: accountUser.id, name: 'Bridge' }, 'token')
  const { token } = created.data.createPersonalAccessToken
  await server.withToken(token).query('{ me { id } }')

  const everything = await dumpDatabase(client)
  expect(everything).toContain(user.username)
  expect(everything).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
  const secrets = [...keys, token, token.slice('lanyard_'.length), password, 'into the wrong field']
  const written = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret, 'base64url').toString('hex'),
  ])
  expect(written.filter((text) => everything.includes(text))).toEqual([])
})
