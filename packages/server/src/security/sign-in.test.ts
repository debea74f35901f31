import { hash } from '@node-rs/argon2'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { type Answer, type Caller, createTestServer, refusalOf } from '../../test/server.ts'
import { Password } from './password.entity.ts'
import { PasswordHashing } from './password-hashing.ts'

// Waiting is tried elsewhere; here every try is free.
const limits = {
  signIn: {
    firstWaitSeconds: 0,
    longestWaitSeconds: 0,
    addressFreeFailures: 10_000,
    globalFailuresPerMinute: 10_000,
  },
}
const server = await createTestServer({ limits })
const password = 'correct horse battery'

function signIn(login: string, given: string, caller: Caller = server.anonymous): Promise<Answer> {
  return caller.mutate('signIn', { login, password: given }, 'status me { id username }')
}

/** The name, value and attributes of each cookie that the answer sets. */
function cookiesOf({ headers }: Answer): Map<string, string> {
  return new Map(
    headers.getSetCookie().map((cookie) => {
      const [pair = ''] = cookie.split(';')
      return [pair.slice(0, pair.indexOf('=')), cookie.slice(pair.indexOf('=') + 1)]
    }),
  )
}

function sessionKeyOf(answer: Answer): string {
  return cookiesOf(answer).get('lanyard-4000')?.split(';')[0] ?? ''
}

test('a person signs in by username in any case, and by a proven email in any case', async () => {
  const user = await server.build.user({
    password,
    username: 'Mixed.Case',
    email: 'Mixed.Case@example.com',
  })
  for (const login of ['Mixed.Case', 'mixed.case', ' MIXED.CASE ', 'mixed.case@EXAMPLE.com']) {
    const answer = await signIn(login, password)
    expect(answer.data.signIn).toEqual({ status: 'SIGNED_IN', me: { id: user.id, username: 'Mixed.Case' } })
    const me = await server.withCookie(sessionKeyOf(answer)).query('{ me { id } }')
    expect(me.data.me).toEqual({ id: user.id })
  }
})

test('an address that is not proven opens nothing, even to who holds it', async () => {
  const user = await server.build.user({ password })
  const address = 'not.proven@example.com'
  const kysely = server.orm.em.fork().getKysely()
  await sql`insert into email (user_id, id, address, address_key, created_at)
    values (${user.id}, gen_random_uuid(), ${address}, ${address}, now())`.execute(kysely)
  expect(refusalOf(await signIn(address, password))).toEqual({ code: 'CREDENTIALS_WRONG' })
  expect((await signIn(user.username, password)).data.signIn.status).toBe('SIGNED_IN')
})

test('a wrong password, an unknown name and a person without a password get one answer after one amount of work', async () => {
  const known = await server.build.user({ password })
  const passwordless = await server.build.user()
  const verify = vi.spyOn(PasswordHashing.prototype, 'verify')
  const answers: Answer[] = []
  for (const login of [known.username, 'nobody.at.all', passwordless.username, 'nobody@example.com', '!']) {
    answers.push(await signIn(login, 'wrong password'))
  }
  expect(verify).toHaveBeenCalledTimes(answers.length)
  verify.mockRestore()

  expect(refusalOf(answers[0] ?? { errors: [] })).toEqual({ code: 'CREDENTIALS_WRONG' })
  const visible = answers.map(({ status, text, headers }) => ({
    status,
    text,
    headers: [...headers.keys()],
    cookies: headers.getSetCookie(),
  }))
  for (const answer of visible) expect(answer).toEqual(visible[0])
})

test.each([
  ['an empty name', { login: ' ', password }, 'login', 'EMPTY'],
  ['a name longer than any', { login: 'n'.repeat(255), password }, 'login', 'TOO_LONG'],
  ['a password longer than any', { login: 'somebody', password: 'p'.repeat(1025) }, 'password', 'TOO_LONG'],
])('%s is refused before it is tried', async (_what, input, field, reason) => {
  const verify = vi.spyOn(PasswordHashing.prototype, 'verify')
  const answer = await server.anonymous.mutate('signIn', input, 'status')
  expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field, reason })
  expect(verify).not.toHaveBeenCalled()
  verify.mockRestore()
})

test('a login with U+0000 is refused, also where it is written into the document', async () => {
  const query = String.raw`mutation { signIn(input: { login: "nobody\u0000", password: "wrong" }) { status } }`
  expect(refusalOf(await server.anonymous.query(query))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'login',
    reason: 'FORMAT',
  })
})

test('a password counts to its last character, and fits however a keyboard composes its letters', async () => {
  const long = `${'a'.repeat(72)}-the-end-é`
  const user = await server.build.user({ password: long })
  expect(refusalOf(await signIn(user.username, `${'a'.repeat(72)}-another-é`))).toMatchObject({
    code: 'CREDENTIALS_WRONG',
  })
  expect(refusalOf(await signIn(user.username, `${long} `))).toMatchObject({ code: 'CREDENTIALS_WRONG' })
  expect((await signIn(user.username, long.normalize('NFD'))).data.signIn.status).toBe('SIGNED_IN')
})

test.each([
  ['fewer passes', { memoryCost: 19_456, timeCost: 1, parallelism: 1 }],
  ['less memory', { memoryCost: 4096, timeCost: 3, parallelism: 1 }],
  ['another algorithm', { algorithm: 1, memoryCost: 19_456, timeCost: 2, parallelism: 1 }],
])(
  'a hash that was made with %s is replaced by the right password, and by no other',
  async (_what, made) => {
    const old = await hash(password, made)
    const user = await server.build.user({ passwordHash: old })
    const stored = async () =>
      (await server.orm.em.fork().findOneOrFail(Password, { userId: user.id })).hash
    expect(refusalOf(await signIn(user.username, 'wrong password'))).toEqual({ code: 'CREDENTIALS_WRONG' })
    expect(await stored()).toBe(old)

    for (let time = 0; time < 2; time++)
      expect((await signIn(user.username, password)).data.signIn.status).toBe('SIGNED_IN')
    const renewed = await stored()
    expect(renewed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect((await signIn(user.username, password)).data.signIn.status).toBe('SIGNED_IN')
    expect(await stored()).toBe(renewed)
  },
)

test('a hash that costs more than ours is left as it is', async () => {
  const passwordHash = await hash(password, { memoryCost: 25_000, timeCost: 3, parallelism: 1 })
  const user = await server.build.user({ passwordHash })
  expect((await signIn(user.username, password)).data.signIn.status).toBe('SIGNED_IN')
  const stored = await server.orm.em.fork().findOneOrFail(Password, { userId: user.id })
  expect(stored.hash).toBe(passwordHash)
})

test('the cookies over http on a loopback: for scripts and other sites out of reach, gone with the browser unless wanted', async () => {
  const { username } = await server.build.user({ password })
  const short = cookiesOf(await signIn(username, password))
  expect([...short.keys()]).toEqual(['lanyard-4000', 'lanyard-4000-device'])
  expect(short.get('lanyard-4000')).toMatch(/^[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)

  const input = { login: username, password, rememberMe: true }
  const long = cookiesOf(await server.anonymous.mutate('signIn', input, 'status'))
  const expires = /^[A-Za-z0-9_-]{43}; Path=\/; Expires=([^;]+); HttpOnly; SameSite=Lax$/.exec(
    long.get('lanyard-4000') ?? '',
  )?.[1]
  const inThirtyDays = server.clock.now().getTime() + 30 * 86_400_000
  expect(Math.abs(Date.parse(expires ?? '') - inThirtyDays)).toBeLessThan(1000)
})

test('the cookies behind https: only this host, only encrypted', async () => {
  const https = await createTestServer({
    limits,
    databaseUrl: server.databaseUrl,
    clock: server.clock,
    environment: { PUBLIC_URL: 'https://lanyard.example.com' },
  })
  const { username } = await server.build.user({ password })
  const answer = await signIn(username, password, https.anonymous)
  expect([...cookiesOf(answer)]).toEqual([
    ['__Host-lanyard', expect.stringMatching(/^[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)],
    [
      '__Host-lanyard-device',
      expect.stringMatching(/^[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ],
  ])
  expect(answer.headers.get('strict-transport-security')).toContain('max-age=')
})

test('each sign-in has a key of its own, and ends the session that the browser held until then', async () => {
  const user = await server.build.user({ password })
  const other = await server.build.user({ password })
  const planted = 'A'.repeat(43)
  const first = sessionKeyOf(await signIn(user.username, password, server.withCookie(planted)))
  const second = sessionKeyOf(await signIn(user.username, password, server.withCookie(first)))
  const third = sessionKeyOf(await signIn(other.username, password, server.withCookie(second)))
  expect(new Set([planted, first, second, third]).size).toBe(4)

  for (const ended of [planted, first, second]) {
    expect((await server.withCookie(ended).query('{ me { id } }')).data).toEqual({ me: null })
  }
  expect((await server.withCookie(third).query('{ me { id } }')).data).toEqual({ me: { id: other.id } })
  const browser = await server.as(user)
  const { data } = await browser.query(
    '{ me { activity { nodes { action subject actor { id } address device } } } }',
  )
  expect(data.me.activity.nodes.map(({ action }: { action: string }) => action)).toEqual([
    'SIGNED_OUT',
    'SIGNED_IN',
    'SIGNED_OUT',
    'SIGNED_IN',
  ])
  expect(data.me.activity.nodes.at(-1)).toEqual({
    action: 'SIGNED_IN',
    subject: user.name,
    actor: { id: user.id },
    address: '127.0.0.1',
    device: 'node',
  })
})

test('a wrong password leaves the browser signed in as it was', async () => {
  const user = await server.build.user({ password })
  const key = sessionKeyOf(await signIn(user.username, password))
  const refused = await signIn(user.username, 'wrong password', server.withCookie(key))
  expect(refusalOf(refused)).toEqual({ code: 'CREDENTIALS_WRONG' })
  expect(refused.headers.getSetCookie()).toEqual([])
  expect((await server.withCookie(key).query('{ me { id } }')).data).toEqual({ me: { id: user.id } })
})

test('signing out ends the session at once, for this browser only, and clears what it keeps', async () => {
  const user = await server.build.user({ password })
  const key = sessionKeyOf(await signIn(user.username, password))
  const elsewhere = sessionKeyOf(await signIn(user.username, password))
  const answer = await server.withCookie(key).query('mutation { signOut { me { id } } }')
  expect(answer.data.signOut).toEqual({ me: null })
  expect(cookiesOf(answer).get('lanyard-4000')).toMatch(/^; .*Expires=Thu, 01 Jan 1970/)
  expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"')
  expect((await server.withCookie(key).query('{ me { id } }')).data).toEqual({ me: null })
  expect((await server.withCookie(elsewhere).query('{ me { id } }')).data).toEqual({ me: { id: user.id } })
  expect(refusalOf(await server.withCookie(key).query('mutation { signOut { me { id } } }'))).toEqual({
    code: 'UNAUTHENTICATED',
  })
})

test('two hundred sign-ins at once do not hold up the requests of others', async () => {
  const { username } = await server.build.user({ password })
  const reader = await server.as(await server.build.user())
  await reader.query('{ me { id } }')
  const flood = Array.from({ length: 200 }, () => signIn(username, 'wrong password'))
  const waits: number[] = []
  for (let request = 0; request < 20; request++) {
    const start = performance.now()
    expect((await reader.query('{ me { id } }')).errors).toBeUndefined()
    waits.push(performance.now() - start)
  }
  await Promise.all(flood)
  expect(waits.toSorted((one, other) => one - other)[18]).toBeLessThan(500)
}, 60_000)
