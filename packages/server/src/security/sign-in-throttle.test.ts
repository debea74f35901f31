import { beforeEach, expect, test, vi } from 'vitest'
import { type Answer, createTestServer, refusalOf, type TestServer } from '../../test/server.ts'
import { TestClock } from '../../test/test-clock.ts'
import { PasswordHashing } from './password-hashing.ts'

const server = await createTestServer({ environment: { TRUSTED_PROXIES: '1' } })
const password = 'correct horse battery'

// What reaches the hash is counted, and not computed: its slowness is tried elsewhere.
const passwordHash = 'nobody computes this'
const verify = vi
  .spyOn(PasswordHashing.prototype, 'verify')
  .mockImplementation((phc, given) => Promise.resolve(phc === passwordHash && given === password))
beforeEach(() => {
  verify.mockClear()
  // Each test has minutes of its own, so that no count of another reaches into it.
  server.clock.advanceSeconds(2 * 86_400)
})

let addresses = 0
const newAddress = () => `2001:db8::${(++addresses).toString(16)}`

interface Try {
  login: string
  password?: string
  address?: string
  cookie?: string
  on?: TestServer
}

function guess({
  login,
  password: given = 'wrong password',
  address,
  cookie,
  on = server,
}: Try): Promise<Answer> {
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { status } }'
  const headers = { 'x-forwarded-for': address ?? newAddress(), ...(cookie ? { cookie } : {}) }
  return on.anonymous.send({ query, variables: { input: { login, password: given } } }, headers)
}

const wrong = { code: 'CREDENTIALS_WRONG' }
const waiting = { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) }

function deviceCookieOf({ headers }: Answer): string {
  return (
    headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith('lanyard-4000-device='))
      ?.split(';')[0] ?? ''
  )
}

test('fifty guesses at once reach the password once, whatever their address, and so do the next fifty', async () => {
  const { username } = await server.build.user({ passwordHash })
  for (const wave of [1, 2]) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => guess({ login: username })))
    const codes = answers.map((answer) => refusalOf(answer)?.['code'])
    expect(codes.filter((code) => code === 'CREDENTIALS_WRONG')).toHaveLength(1)
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(49)
    expect(verify).toHaveBeenCalledTimes(wave)
    server.clock.advanceSeconds(2)
  }
})

test('the wait doubles from a second to a quarter of an hour, and it always ends', async () => {
  const { username } = await server.build.user({ passwordHash })
  const waits: unknown[] = []
  for (let attempt = 0; attempt < 13; attempt++) {
    expect(refusalOf(await guess({ login: username }))).toEqual(wrong)
    const refusal = refusalOf(await guess({ login: username, password }))
    expect(refusal).toEqual(waiting)
    waits.push(refusal?.['retryAfterSeconds'])
    server.clock.advanceSeconds(Number(refusal?.['retryAfterSeconds']))
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  expect((await guess({ login: username, password })).data.signIn.status).toBe('SIGNED_IN')
  expect(refusalOf(await guess({ login: username }))).toEqual(wrong)
})

test('two hundred guesses over twenty addresses in five minutes reach the password ten times at most', async () => {
  const { username } = await server.build.user({ passwordHash })
  for (let attempt = 0; attempt < 200; attempt++) {
    await guess({ login: username, address: `198.51.100.${attempt % 20}` })
    server.clock.advanceSeconds(1.5)
  }
  expect(verify.mock.calls.length).toBeLessThanOrEqual(10)
})

test('the count is the same for a name that nobody has, and for either case of it', async () => {
  expect(refusalOf(await guess({ login: 'Nobody.Here' }))).toEqual(wrong)
  expect(refusalOf(await guess({ login: 'nobody.here' }))).toEqual({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 1,
  })
})

test('trying while one has to wait makes no wait longer', async () => {
  const { username } = await server.build.user({ passwordHash })
  await guess({ login: username })
  for (let attempt = 0; attempt < 5; attempt++) await guess({ login: username })
  server.clock.advanceSeconds(1)
  expect((await guess({ login: username, password })).data.signIn.status).toBe('SIGNED_IN')
})

test('a server that starts anew goes on counting, and so does one beside it', async () => {
  const { username } = await server.build.user({ passwordHash })
  for (let attempt = 0; attempt < 5; attempt++) {
    await guess({ login: username })
    server.clock.advanceSeconds(2 ** attempt)
  }
  await guess({ login: username })
  const options = { databaseUrl: server.databaseUrl, clock: server.clock }
  const other = await createTestServer({ ...options, environment: { TRUSTED_PROXIES: '1' } })
  expect(refusalOf(await guess({ login: username, password, on: other }))).toEqual({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 32,
  })
  await other.stop()
})

test('two people of one address sign in at once, though the clock of one server is a little behind', async () => {
  const clock = new TestClock(new Date(server.clock.now().getTime() - 5))
  const behind = await createTestServer({
    databaseUrl: server.databaseUrl,
    clock,
    environment: { TRUSTED_PROXIES: '1' },
  })
  const address = newAddress()
  const [first, second] = [
    await server.build.user({ passwordHash }),
    await server.build.user({ passwordHash }),
  ]

  expect((await guess({ login: first.username, password, address })).data.signIn.status).toBe('SIGNED_IN')
  const answer = await guess({ login: second.username, password, address, on: behind })
  expect(answer.data.signIn.status).toBe('SIGNED_IN')
  await behind.stop()
})

test("a stranger's guesses do not hold up the owner on a browser they have signed in from", async () => {
  const { username } = await server.build.user({ passwordHash })
  const stranger = await server.build.user({ passwordHash })
  const first = await guess({ login: username, password })
  const cookie = deviceCookieOf(first)
  expect(cookie).toMatch(/^lanyard-4000-device=[\w-]{43}$/)
  for (let attempt = 0; attempt < 10; attempt++) {
    await guess({ login: username })
    server.clock.advanceSeconds(60)
  }
  await guess({ login: username })

  expect(refusalOf(await guess({ login: username, password }))).toEqual(waiting)
  const strangersCookie = deviceCookieOf(await guess({ login: stranger.username, password }))
  expect(refusalOf(await guess({ login: username, password, cookie: strangersCookie }))).toEqual(waiting)
  const made = `lanyard-4000-device=${'A'.repeat(43)}`
  expect(refusalOf(await guess({ login: username, password, cookie: made }))).toEqual(waiting)

  const again = await guess({ login: username, password, cookie })
  expect(again.data.signIn.status).toBe('SIGNED_IN')
  expect(deviceCookieOf(again)).toBe('')
})

test('a browser that is known may not guess without end either', async () => {
  const { username } = await server.build.user({ passwordHash })
  const cookie = deviceCookieOf(await guess({ login: username, password }))
  verify.mockClear()
  for (const wave of [1, 2]) {
    await Promise.all(Array.from({ length: 30 }, () => guess({ login: username, cookie })))
    expect(verify).toHaveBeenCalledTimes(wave)
    server.clock.advanceSeconds(wave)
  }
  expect((await guess({ login: username, password, cookie })).data.signIn.status).toBe('SIGNED_IN')
})

test('an address that guesses at many names has to wait too, its neighbour has not', async () => {
  const address = newAddress()
  for (let attempt = 0; attempt < 21; attempt++) {
    expect(refusalOf(await guess({ login: `nobody.${attempt}`, address }))).toEqual(wrong)
  }
  const { username } = await server.build.user({ passwordHash })
  expect(refusalOf(await guess({ login: username, password, address }))).toEqual({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 1,
  })
  expect((await guess({ login: username, password })).data.signIn.status).toBe('SIGNED_IN')
})

test('what a client writes into X-Forwarded-For is not its address: the last hop is what our proxy saw', async () => {
  const address = newAddress()
  for (let attempt = 0; attempt < 21; attempt++) {
    await guess({ login: `nobody.else.${attempt}`, address: `203.0.113.${attempt}, ${address}` })
  }
  expect(refusalOf(await guess({ login: 'nobody.more', address: `203.0.113.99, ${address}` }))).toEqual(
    waiting,
  )
})

test('behind fewer proxies than were promised, what a client writes is cut to what an address may be', async () => {
  const options = { databaseUrl: server.databaseUrl, clock: server.clock }
  const loose = await createTestServer({ ...options, environment: { TRUSTED_PROXIES: '2' } })
  const user = await server.build.user({ passwordHash })
  const address = `${'x'.repeat(500)}, 198.51.100.7`
  const answer = await guess({ login: user.username, password, address, on: loose })
  expect(answer.data.signIn.status).toBe('SIGNED_IN')
  const { data } = await (
    await server.as(user)
  ).query('{ me { activity(first: 1) { nodes { address } } } }')
  expect(data.me.activity.nodes).toEqual([{ address: 'x'.repeat(64) }])
  await loose.stop()
})

test('without a trusted proxy the header is not read at all', async () => {
  const options = { databaseUrl: server.databaseUrl, clock: server.clock }
  const direct = await createTestServer(options)
  for (let attempt = 0; attempt < 21; attempt++) {
    await guess({ login: `nobody.direct.${attempt}`, on: direct })
  }
  expect(refusalOf(await guess({ login: 'nobody.direct', on: direct }))).toEqual(waiting)

  const user = await server.build.user({ passwordHash })
  server.clock.advanceSeconds(86_400)
  expect((await guess({ login: user.username, password, on: direct })).data.signIn.status).toBe('SIGNED_IN')
  const { data } = await (
    await server.as(user)
  ).query('{ me { activity(first: 1) { nodes { address } } } }')
  expect(data.me.activity.nodes).toEqual([{ address: '127.0.0.1' }])
  await direct.stop()
})

test('past so many failures a minute everybody waits for the next one, but browsers that are known', async () => {
  const options = { databaseUrl: server.databaseUrl, clock: server.clock }
  const busy = await createTestServer({
    ...options,
    limits: { signIn: { globalFailuresPerMinute: 5, addressFreeFailures: 1000 } },
  })
  const { username } = await server.build.user({ passwordHash })
  const cookie = deviceCookieOf(await guess({ login: username, password, on: busy }))
  for (let attempt = 0; attempt < 5; attempt++) await guess({ login: `nobody.global.${attempt}`, on: busy })

  const refusal = refusalOf(await guess({ login: 'nobody.global', on: busy }))
  expect(refusal).toEqual(waiting)
  expect(refusal?.['retryAfterSeconds']).toBeLessThanOrEqual(60)
  expect((await guess({ login: username, password, cookie, on: busy })).data.signIn.status).toBe(
    'SIGNED_IN',
  )
  server.clock.advanceSeconds(60)
  expect(refusalOf(await guess({ login: 'nobody.global', on: busy }))).toEqual(wrong)
  await busy.stop()
})

test('a crowd past the line in front of the hashes is sent away, not kept waiting', async () => {
  verify.mockRestore()
  const limits = { concurrentHashes: 1, queuedHashes: 2 }
  await using hashing = new PasswordHashing(limits)
  const results = await Promise.allSettled(
    Array.from({ length: 6 }, () => hashing.verify(undefined, password)),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  for (const result of results.slice(3)) {
    expect(result).toMatchObject({ reason: { code: 'RATE_LIMITED', details: { retryAfterSeconds: 5 } } })
  }
})
