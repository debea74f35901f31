import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { wrongCode } from '../../test/authenticator-app.ts'
import { BadgeFollower } from '../../test/badge-follower.ts'
import { Browser } from '../../test/browser.ts'
import { type Answer, createTestServer, refusalOf } from '../../test/server.ts'
import { SoftwareAuthenticator } from '../../test/software-authenticator.ts'
import { enrol } from '../../test/two-factor.ts'
import type { User } from '../users/user.entity.ts'

// Waiting after wrong passwords is tried elsewhere.
const limits = { signIn: { firstWaitSeconds: 0, longestWaitSeconds: 0, addressFreeFailures: 10_000 } }
const server = await createTestServer({ limits })
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())

const password = 'correct horse battery'
const stale = { code: 'STEP_UP_REQUIRED' }

async function browserOf(user: User): Promise<Browser> {
  return new Browser(server, (await server.build.session(user)).key)
}

/** Something that asks for a fresh proof; it changes nothing that matters here. */
async function codeOfGuarded(browser: Browser): Promise<unknown> {
  const answer = await browser.query('mutation { startPasskeyRegistration { options } }')
  return refusalOf(answer)?.['code'] ?? 'done'
}

const confirm = (browser: Browser, input: object): Promise<Answer> =>
  browser.mutate('confirmStepUp', { ...input }, 'validUntil')

const stepUpOf = async (browser: Browser) =>
  (await browser.query('{ me { stepUp { validUntil methods ssoUrl } } }')).data.me.stepUp

const inTenMinutes = () => new Date(server.clock.now().getTime() + 600_000).toISOString()

test('signing in counts as a proof for ten minutes, and the password for ten more, under a new cookie', async () => {
  const user = await server.build.user({ password })
  const browser = new Browser(server)
  await browser.signIn(user.username, password)
  const signedIn = browser.sessionKey
  expect(await stepUpOf(browser)).toEqual({
    validUntil: inTenMinutes(),
    methods: ['PASSWORD'],
    ssoUrl: null,
  })
  server.clock.advanceSeconds(600)
  expect(await codeOfGuarded(browser)).toBe('done')
  server.clock.advanceSeconds(1)
  expect(await codeOfGuarded(browser)).toBe('STEP_UP_REQUIRED')

  const old = browser.copy()
  const answer = await confirm(browser, { password })
  expect(answer.data.confirmStepUp).toEqual({ validUntil: inTenMinutes() })
  expect(answer.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^lanyard-4000=[\w-]{43}; Path=\/; HttpOnly/),
  ])
  expect(browser.sessionKey).not.toBe(signedIn)
  expect(await codeOfGuarded(browser)).toBe('done')
  expect((await stepUpOf(browser)).validUntil).toBe(inTenMinutes())
  expect(refusalOf(await old.query('mutation { signOut { me { id } } }'))).toEqual({
    code: 'UNAUTHENTICATED',
  })
  expect((await browser.query('{ me { currentSession { createdAt } } }')).data.me).not.toBeNull()
})

test('the session goes on as it was: its end, its place in the browser and its sockets stay', async () => {
  const user = await server.build.user({ password })
  const browser = new Browser(server)
  await browser.signIn(user.username, password, { rememberMe: true })
  const session = async () =>
    (await browser.query('{ me { currentSession { id createdAt expiresAt method } } }')).data.me
      .currentSession
  const before = await session()
  const { account, accountUser } = await server.build.member({ user, roles: ['admin'] })
  const { token } = await server.build.token(accountUser)
  const follower = new BadgeFollower(server.socketWithCookie(browser.sessionKey ?? ''))
  await follower.until(({ unread }) => unread === 0)
  server.clock.advanceSeconds(1200)
  const answer = await confirm(browser, { password })
  const expires = /Expires=([^;]+)/.exec(answer.headers.getSetCookie().join())?.[1]
  expect(Math.abs(Date.parse(expires ?? '') - Date.parse(before.expiresAt))).toBeLessThan(1000)
  expect(await session()).toEqual(before)
  const event = {
    accountId: account.id,
    type: 'TASK_ASSIGNED',
    recipients: [user.username],
    title: 'T',
    body: 'B',
  }
  await server.withToken(token).mutate('publishEvent', event, 'notified')
  await follower.until(({ unread }) => unread === 1)
})

test('a wrong password proves nothing and changes no cookie', async () => {
  const user = await server.build.user({ password })
  const browser = await browserOf(user)
  server.clock.advanceSeconds(601)
  const answer = await confirm(browser, { password: 'wrong password' })
  expect(refusalOf(answer)).toEqual({ code: 'CREDENTIALS_WRONG' })
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(await codeOfGuarded(browser)).toBe('STEP_UP_REQUIRED')
})

test('who has no password is not let through by any', async () => {
  const browser = await browserOf(await server.build.user())
  expect(await stepUpOf(browser)).toMatchObject({ methods: [] })
  expect(refusalOf(await confirm(browser, { password: 'any' }))).toEqual({ code: 'CREDENTIALS_WRONG' })
})

test('with two-factor authentication on the password is not enough, and a code or a recovery code is', async () => {
  const user = await server.build.user({ password })
  const { browser, code, secret, recoveryCodes } = await enrol(server, user)
  expect((await stepUpOf(browser)).methods).toEqual(['TOTP', 'RECOVERY_CODE'])
  server.clock.advanceSeconds(601)
  expect(refusalOf(await confirm(browser, { password }))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'code',
    reason: 'EMPTY',
  })
  const wrong = wrongCode(secret, server.clock.now())
  expect(refusalOf(await confirm(browser, { code: wrong }))).toEqual({ code: 'CODE_WRONG' })
  expect(await codeOfGuarded(browser)).toBe('STEP_UP_REQUIRED')
  const used = code()
  expect((await confirm(browser, { code: used })).errors).toBeUndefined()
  expect(await codeOfGuarded(browser)).toBe('done')
  expect(refusalOf(await confirm(browser, { code: used }))).toEqual({ code: 'CODE_WRONG' })

  server.clock.advanceSeconds(601)
  expect((await confirm(browser, { code: recoveryCodes[0] })).errors).toBeUndefined()
  expect(await codeOfGuarded(browser)).toBe('done')
  // A code that proved it here signs nobody in elsewhere.
  const signingIn = new Browser(server)
  await signingIn.signIn(user.username, password)
  expect(refusalOf(await signingIn.submit({ code: recoveryCodes[0] ?? '' }))).toEqual({
    code: 'CODE_WRONG',
  })
})

test('codes typed here and at signing in are counted together', async () => {
  const user = await server.build.user({ password })
  const { browser, code, secret } = await enrol(server, user)
  const wrong = wrongCode(secret, server.clock.now())
  for (let tries = 0; tries < 6; tries++) await confirm(browser, { code: wrong })
  const signingIn = new Browser(server)
  await signingIn.signIn(user.username, password)
  for (let tries = 0; tries < 4; tries++) await signingIn.submit({ code: wrong })
  expect(refusalOf(await confirm(browser, { code: code() }))).toMatchObject({ code: 'RATE_LIMITED' })
})

test('passwords typed here and at signing in are counted together', async () => {
  const strict = await createTestServer({ databaseUrl: server.databaseUrl, clock: server.clock })
  const user = await server.build.user({ password })
  const browser = new Browser(strict, (await server.build.session(user)).key)
  expect(refusalOf(await confirm(browser, { password: 'wrong password' }))).toEqual({
    code: 'CREDENTIALS_WRONG',
  })
  expect(refusalOf(await confirm(browser, { password }))).toEqual({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 1,
  })
  expect(refusalOf(await new Browser(strict).signIn(user.username, password))).toMatchObject({
    code: 'RATE_LIMITED',
  })
  await strict.stop()
})

test('a passkey of one’s own proves it, with two-factor authentication and without', async () => {
  const user = await server.build.user({ password })
  const authenticator = new SoftwareAuthenticator()
  const start = async (browser: Browser, mutation: string) =>
    (await browser.query(`mutation { ${mutation} { options } }`)).data[mutation].options
  const first = await browserOf(user)
  const response = authenticator.create(await start(first, 'startPasskeyRegistration'))
  await first.mutate('addPasskey', { response }, 'me { id }')
  expect((await stepUpOf(first)).methods).toEqual(['PASSWORD', 'PASSKEY'])

  for (const withCodes of [false, true]) {
    const browser = withCodes ? (await enrol(server, user)).browser : first
    server.clock.advanceSeconds(601)
    const options = await start(browser, 'startPasskeyProof')
    const foreign = await browserOf(await server.build.user({ password }))
    expect(refusalOf(await confirm(foreign, { passkey: authenticator.get(options) }))).toEqual({
      code: 'PASSKEY_REFUSED',
    })
    const passkey = authenticator.get(await start(browser, 'startPasskeyProof'))
    expect((await confirm(browser, { passkey })).errors).toBeUndefined()
    expect(await codeOfGuarded(browser)).toBe('done')
    expect(refusalOf(await confirm(browser, { passkey }))).toEqual({ code: 'PASSKEY_REFUSED' })
  }
})

test('one proof is given at a time', async () => {
  const plain = await browserOf(await server.build.user({ password }))
  const { browser: withCodes } = await enrol(server, await server.build.user({ password }))
  expect(refusalOf(await confirm(plain, {}))).toMatchObject({ field: 'password', reason: 'EMPTY' })
  expect(refusalOf(await confirm(plain, { password: '' }))).toMatchObject({
    field: 'password',
    reason: 'EMPTY',
  })
  expect(refusalOf(await confirm(plain, { password: 'p'.repeat(1025) }))).toMatchObject({
    field: 'password',
    reason: 'TOO_LONG',
  })
  expect(refusalOf(await confirm(withCodes, {}))).toMatchObject({ field: 'code', reason: 'EMPTY' })
  expect(refusalOf(await confirm(plain, { password, code: '000000' }))).toMatchObject({
    field: 'code',
    reason: 'FORMAT',
  })
  expect(refusalOf(await confirm(plain, { code: '000000' }))).toEqual({ code: 'TWO_FACTOR_OFF' })
})

test('of twenty proofs at once each browser keeps a session or none, and one cookie works in the end', async () => {
  const browser = await browserOf(await server.build.user({ password }))
  const copies = Array.from({ length: 20 }, () => browser.copy())
  const answers = await Promise.all(copies.map((copy) => confirm(copy, { password })))
  expect(answers.filter(({ errors }) => !errors).length).toBeGreaterThan(0)
  const alive = await Promise.all(
    copies.map(async (copy) => (await copy.query('{ me { id } }')).data.me !== null),
  )
  expect(alive.filter(Boolean)).toHaveLength(1)
})

test('a session that came through single sign-on may prove itself there, and a token never', async () => {
  const user = await server.build.user()
  const { account, accountUser } = await server.build.member({ user })
  const { key, id: sessionId } = await server.build.session(user)
  const connectionId = randomUUID()
  await client.query(
    `insert into session_account (user_id, session_id, account_id, connection_id, proven_at) values ($1, $2, $3, $4, $5)`,
    [user.id, sessionId, account.id, connectionId, server.clock.now()],
  )
  expect(await stepUpOf(new Browser(server, key))).toMatchObject({
    methods: ['SSO'],
    ssoUrl: `/sso/start/${connectionId}?purpose=STEP_UP`,
  })
  expect(await stepUpOf(await browserOf(user))).toMatchObject({ methods: [], ssoUrl: null })

  const { token } = await server.build.token(accountUser)
  const { data } = await server.withToken(token).query('{ me { stepUp { validUntil ssoUrl } } }')
  expect(data.me.stepUp).toEqual({ validUntil: '1970-01-01T00:00:00.000Z', ssoUrl: null })
})

/** What a stranger at an open browser shall not do; the lengths of life of proofs are tried above. */
const guarded: [mutation: string, input: Record<string, unknown> | undefined][] = [
  ['addEmail', { address: 'new@example.com' }],
  ['setPrimaryEmail', { emailId: randomUUID() }],
  ['removeEmail', { emailId: randomUUID() }],
  ['addPhone', { number: '+12025550142', channel: 'SMS' }],
  ['setPrimaryPhone', { phoneId: randomUUID() }],
  ['removePhone', { phoneId: randomUUID() }],
  ['createPersonalAccessToken', { accountUserId: randomUUID(), name: 'Bridge' }],
  ['rotatePersonalAccessToken', { personalAccessTokenId: randomUUID() }],
  ['setTokenPolicy', { accountId: randomUUID(), longestTokenDays: 365 }],
  ['setSignInPolicy', { accountId: randomUUID() }],
  ['startTwoFactorSetup', undefined],
  ['regenerateRecoveryCodes', undefined],
  ['resetTwoFactor', { userId: randomUUID() }],
  ['startPasskeyRegistration', undefined],
  ['removePasskey', { passkeyId: randomUUID() }],
]

test.each(guarded)(
  '%s asks for a fresh proof, and for nothing else once it is there',
  async (mutation, input) => {
    const browser = await browserOf(await server.build.user({ password }))
    const run = () =>
      input
        ? browser.mutate(mutation, input, '__typename')
        : browser.query(`mutation { ${mutation} { __typename } }`)
    server.clock.advanceSeconds(601)
    expect(refusalOf(await run())).toEqual(stale)
    await confirm(browser, { password })
    expect(refusalOf(await run())).not.toEqual(stale)
  },
)
