import { randomUUID } from 'node:crypto'
import { getNamedType, isInputObjectType, isNonNullType, isObjectType } from 'graphql'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { codeAt, wrongCode } from '../../test/authenticator-app.ts'
import { Browser } from '../../test/browser.ts'
import { QueuedMessages } from '../../test/queued-messages.ts'
import { createTestServer, refusalOf, type TestServer } from '../../test/server.ts'
import { enrol } from '../../test/two-factor.ts'
import { createSchema } from '../schema.ts'
import type { User } from '../users/user.entity.ts'

const queued = new QueuedMessages()
// Waiting after wrong passwords is tried elsewhere.
const signInLimits = {
  firstWaitSeconds: 0,
  longestWaitSeconds: 0,
  addressFreeFailures: 10_000,
  globalFailuresPerMinute: 10_000,
}
const server = await createTestServer({ limits: { signIn: signInLimits } })
const { databaseUrl, clock } = server
/** Two that let codes be tried as often as one likes. */
const generous = {
  databaseUrl,
  clock,
  limits: { signIn: signInLimits, secondFactor: { failuresPerSignIn: 1000, failuresPerHour: 1000 } },
}
const [one, other] = [await createTestServer(generous), await createTestServer(generous)]
const client = new Client({ connectionString: databaseUrl })
await client.connect()
afterAll(() => client.end())

const password = 'correct horse battery'

/** A browser in which the password has been typed. */
async function halfSignedIn(user: User, on: TestServer = server): Promise<Browser> {
  const browser = new Browser(on)
  const { data } = await browser.signIn(user.username, password)
  expect(data.signIn.status).toBe('SECOND_FACTOR_REQUIRED')
  return browser
}

async function submit(user: User, code: string, on: TestServer = one): Promise<string> {
  const answer = await (await halfSignedIn(user, on)).submit({ code })
  return String(refusalOf(answer)?.['code'] ?? answer.data.submitSecondFactor.status)
}

test('with two-factor authentication on, the password opens nothing but the next step, and each step has its own cookie', async () => {
  const user = await server.build.user({ password })
  const { code } = await enrol(server, user)
  const browser = new Browser(server)
  browser.cookies.set('lanyard-4000-pending', 'A'.repeat(43))
  const first = await browser.signIn(user.username, password, { rememberMe: true })
  expect(first.data.signIn).toEqual({
    status: 'SECOND_FACTOR_REQUIRED',
    secondFactors: ['TOTP', 'RECOVERY_CODE'],
    ssoUrl: null,
    me: null,
  })
  expect(browser.sessionKey).toBeUndefined()
  expect(browser.pendingKey).not.toBe('A'.repeat(43))
  const pending = browser.copy()
  expect(
    (await browser.query('{ pendingSignIn { status secondFactors ssoChoices { url } } }')).data,
  ).toEqual({
    pendingSignIn: {
      status: 'SECOND_FACTOR_REQUIRED',
      secondFactors: ['TOTP', 'RECOVERY_CODE'],
      ssoChoices: [],
    },
  })

  const second = await browser.submit({ code: code() })
  expect(second.data.submitSecondFactor).toEqual({ status: 'SIGNED_IN', ssoUrl: null, me: { id: user.id } })
  // That the cookie shall outlive the browser was said with the password.
  expect(second.headers.getSetCookie().join()).toMatch(/lanyard-4000=[\w-]{43}; Path=\/; Expires=/)
  expect(browser.pendingKey).toBeUndefined()
  expect(new Set([pending.pendingKey, browser.sessionKey]).size).toBe(2)
  expect((await browser.query('{ pendingSignIn { status } }')).data).toEqual({ pendingSignIn: null })
  // What was pending is used up, also for who kept its cookie.
  expect(refusalOf(await pending.submit({ code: code(1) }))).toEqual({ code: 'SIGN_IN_EXPIRED' })
})

test('a code counts half a minute early and late, and never further away', async () => {
  const user = await server.build.user({ password })
  const { code } = await enrol(server, user)
  const outcomes: string[] = []
  for (const steps of [-2, 2, -1, 0, 1]) outcomes.push(await submit(user, code(steps)))
  expect(outcomes).toEqual(['CODE_WRONG', 'CODE_WRONG', 'SIGNED_IN', 'SIGNED_IN', 'SIGNED_IN'])
})

test('a used code is refused, and so is an older one after it', async () => {
  const user = await server.build.user({ password })
  const { code } = await enrol(server, user)
  expect(await submit(user, code(0))).toBe('SIGNED_IN')
  expect(await submit(user, code(0))).toBe('CODE_WRONG')
  expect(await submit(user, code(-1))).toBe('CODE_WRONG')
  expect(await submit(user, code(1))).toBe('SIGNED_IN')
  clock.advanceSeconds(30)
  expect(await submit(user, code(0))).toBe('CODE_WRONG')
  expect(await submit(user, code(1))).toBe('SIGNED_IN')
})

test.each(['a code of the app', 'a recovery code'])(
  '%s that is submitted fifty times at once on two servers is accepted once, and fifty times more never',
  async (what) => {
    const user = await server.build.user({ password })
    const { code, recoveryCodes } = await enrol(server, user)
    const given = what === 'a recovery code' ? (recoveryCodes[5] ?? '') : code()
    for (const accepted of [1, 0]) {
      const waiting = await halfSignedIn(user, one)
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          waiting.copy(index % 2 === 0 ? one : other).submit({ code: given }),
        ),
      )
      expect(answers.filter(({ errors }) => !errors)).toHaveLength(accepted)
    }
  },
)

test('what is not six digits is no code, before and right after the right one was used', async () => {
  const user = await server.build.user({ password })
  const { secret } = await enrol(server, user)
  // One with a nought before it, which speakeasy would read as the number after it.
  while (!codeAt(secret, clock.now()).startsWith('0')) clock.advanceSeconds(30)
  const code = codeAt(secret, clock.now())
  const number = code.slice(1)
  const variants = [
    `${number}x`,
    ` ${number}`,
    `+${number}`,
    `${number}.`,
    `-${number}`,
    ` ${code}`,
    `${code}\n`,
    `0${code}`,
    number,
  ]
  const refuseAll = async () => {
    for (const variant of variants) expect(await submit(user, variant)).toBe('CODE_WRONG')
    const browser = await halfSignedIn(user, one)
    for (const value of [[code], { toString: code }, Number(number)]) {
      const answer = await browser.mutate('submitSecondFactor', { code: value }, 'status')
      expect(refusalOf(answer)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'code' })
    }
  }
  await refuseAll()
  expect(await submit(user, code)).toBe('SIGNED_IN')
  await refuseAll()
  expect(await submit(user, code)).toBe('CODE_WRONG')
}, 60_000)

test('a code may have the blank that apps show in its middle', async () => {
  const user = await server.build.user({ password })
  const { code } = await enrol(server, user)
  expect(await submit(user, `${code().slice(0, 3)} ${code().slice(3)}`)).toBe('SIGNED_IN')
})

test('after five wrong codes the sixth is refused though it is right, and the password is asked for again', async () => {
  const user = await server.build.user({ password })
  const { code, secret } = await enrol(server, user)
  const browser = await halfSignedIn(user)
  for (let attempt = 0; attempt < 5; attempt++) {
    expect(refusalOf(await browser.submit({ code: wrongCode(secret, clock.now()) }))).toEqual({
      code: 'CODE_WRONG',
    })
  }
  expect(refusalOf(await browser.submit({ code: code() }))).toEqual({ code: 'SIGN_IN_EXPIRED' })
  expect(await submit(user, code(), server)).toBe('SIGNED_IN')
})

test('ten wrong codes in an hour are enough, over all sign-ins and servers, until an hour has passed', async () => {
  const user = await server.build.user({ password })
  const { code, secret, recoveryCodes } = await enrol(server, user)
  const wrong = () => wrongCode(secret, clock.now())
  for (let attempt = 0; attempt < 10; attempt++) {
    expect(await submit(user, wrong(), server)).toBe('CODE_WRONG')
  }
  const restarted = await createTestServer({ databaseUrl, clock, limits: { signIn: signInLimits } })
  expect(await submit(user, code(), restarted)).toBe('RATE_LIMITED')
  expect(await submit(user, recoveryCodes[0] ?? '', restarted)).toBe('RATE_LIMITED')
  await restarted.stop()
  clock.advanceSeconds(3599)
  expect(await submit(user, code(), server)).toBe('RATE_LIMITED')
  clock.advanceSeconds(1)
  expect(await submit(user, wrong(), server)).toBe('CODE_WRONG')
  // One at a time from now on.
  expect(await submit(user, code(), server)).toBe('RATE_LIMITED')
  clock.advanceSeconds(360)
  expect(await submit(user, code(), server)).toBe('SIGNED_IN')
  expect(await submit(user, wrong(), server)).toBe('CODE_WRONG')
})

test('after a hundred wrong codes in a row only a recovery code counts, and then all do again', async () => {
  const user = await server.build.user({ password })
  const { code, secret, recoveryCodes } = await enrol(server, user)
  const browser = await halfSignedIn(user, one)
  const wrong = wrongCode(secret, clock.now())
  for (let attempt = 0; attempt < 100; attempt++) {
    expect(refusalOf(await browser.submit({ code: wrong }))).toEqual({ code: 'CODE_WRONG' })
  }
  expect(await submit(user, code())).toBe('CODE_EXHAUSTED')
  expect(await submit(user, recoveryCodes[0] ?? '')).toBe('SIGNED_IN')
  expect(await submit(user, code())).toBe('SIGNED_IN')
}, 60_000)

test('a recovery code works once, however it is typed, and the person hears how many are left', async () => {
  const user = await server.build.user({ password })
  const { recoveryCodes, browser } = await enrol(server, user)
  const [first = '', second = ''] = recoveryCodes
  expect(await submit(user, ` ${first.toLowerCase().replaceAll('-', ' ')}`)).toBe('SIGNED_IN')
  expect(await submit(user, second.replaceAll('1', 'l').replaceAll('0', 'o'))).toBe('SIGNED_IN')
  expect(await submit(user, first)).toBe('CODE_WRONG')
  const told = queued.all.filter(
    ({ message, userId }) => message.kind === 'RECOVERY_CODE_USED' && userId === user.id,
  )
  expect(told.map(({ message }) => message.values)).toMatchObject([{ left: 15 }, { left: 14 }])
  const { data } = await browser.query(
    '{ me { twoFactor { recoveryCodesLeft } activity { nodes { action actor { id } } } } }',
  )
  expect(data.me.twoFactor).toEqual({ recoveryCodesLeft: 14 })
  expect(data.me.activity.nodes).toContainEqual({ action: 'RECOVERY_CODE_USED', actor: { id: user.id } })
})

test('a recovery code of somebody else is as wrong as one of nobody', async () => {
  const [user, stranger] = [await server.build.user({ password }), await server.build.user({ password })]
  await enrol(server, user)
  const { recoveryCodes } = await enrol(server, stranger)
  expect(await submit(user, recoveryCodes[0] ?? '')).toBe('CODE_WRONG')
  expect(await submit(stranger, recoveryCodes[0] ?? '')).toBe('SIGNED_IN')
})

test('ten minutes after the password it is too late for the code', async () => {
  const user = await server.build.user({ password })
  const { code } = await enrol(server, user)
  const browser = await halfSignedIn(user)
  clock.advanceSeconds(600)
  expect(refusalOf(await browser.submit({ code: code() }))).toEqual({ code: 'SIGN_IN_EXPIRED' })
  expect((await browser.query('{ pendingSignIn { status } }')).data).toEqual({ pendingSignIn: null })
})

test('whoever is disabled between the two steps is not signed in', async () => {
  const user = await server.build.user({ password })
  const { code } = await enrol(server, user)
  const browser = await halfSignedIn(user)
  await client.query('update "user" set disabled_at = $1 where id = $2', [clock.now(), user.id])
  expect(refusalOf(await browser.submit({ code: code() }))).toEqual({ code: 'CREDENTIALS_WRONG' })
  expect(browser.sessionKey).toBeUndefined()
})

test('one of code and passkey has to be there, and nothing is counted when it is not', async () => {
  const user = await server.build.user({ password })
  const { code } = await enrol(server, user)
  const browser = await halfSignedIn(user)
  for (let attempt = 0; attempt < 6; attempt++) {
    for (const [input, reason] of [
      [{}, 'EMPTY'],
      [{ code: '' }, 'EMPTY'],
      [{ code: code(), passkey: {} }, 'FORMAT'],
      [{ code: '0'.repeat(65) }, 'TOO_LONG'],
    ] as const) {
      expect(refusalOf(await browser.submit(input))).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'code',
        reason,
      })
    }
  }
  expect((await browser.submit({ code: code() })).errors).toBeUndefined()
  expect(refusalOf(await new Browser(server).submit({ code: code(1) }))).toEqual({
    code: 'SIGN_IN_EXPIRED',
  })
})

test('a list of guesses does not fit into one request', async () => {
  const user = await server.build.user({ password })
  await enrol(server, user)
  const browser = await halfSignedIn(user)
  const guess = (name: string) => `${name}: submitSecondFactor(input: { code: "000000" }) { status }`
  expect(refusalOf(await browser.query(`mutation { ${guess('a')} ${guess('b')} }`))).toEqual({
    code: 'DOCUMENT_TOO_COSTLY',
  })
})

test('a person whose only account signs in elsewhere is sent there after the code, or chooses among several', async () => {
  const user = await server.build.user({ password })
  const connections: { id: string; name: string }[] = []
  for (const name of ['Alpha', 'Beta']) {
    const account = await server.build.account({ name })
    await server.build.member({ user, account })
    const id = randomUUID()
    await client.query(
      `insert into sso_connection (account_id, id, name, protocol, settings, create_just_in_time, created_at, changed_at)
        values ($1, $2, 'Provider', 'OIDC', '{}', false, $3, $3)`,
      [account.id, id, clock.now()],
    )
    await client.query('update account set sso_connection_id = $1 where id = $2', [id, account.id])
    connections.push({ id, name })
  }
  const { code } = await enrol(server, user)
  const browser = await halfSignedIn(user)
  const { data } = await browser.submit({ code: code() })
  expect(data.submitSecondFactor).toEqual({
    status: 'SSO_REQUIRED',
    ssoUrl: '/sign-in/organisation',
    me: null,
  })
  expect(browser.sessionKey).toBeUndefined()
  const waits = await browser.query(
    '{ pendingSignIn { status secondFactors ssoChoices { accountName url } } }',
  )
  expect(waits.data.pendingSignIn).toEqual({
    status: 'SSO_REQUIRED',
    secondFactors: [],
    ssoChoices: connections.map(({ id, name }) => ({ accountName: name, url: `/sso/start/${id}` })),
  })
  expect(refusalOf(await browser.submit({ code: code(1) }))).toEqual({ code: 'SIGN_IN_EXPIRED' })
})

const schema = await createSchema()
const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
  (root) =>
    Object.values(root?.getFields() ?? {}).map((field) => ({ root: root?.name.toLowerCase(), field })),
)

/** What is not for anybody. */
const closed = rootFields.filter(({ field }) => field.extensions['access'] !== 'anyone')

test('the cookie of a half-done sign-in is good for nothing but the steps, over HTTP and on a socket', async () => {
  const user = await server.build.user({ password })
  await enrol(server, user)
  const waiting = await halfSignedIn(user)
  const overHttp: Record<string, unknown> = {}
  // Under its own name, and where a session's would be.
  for (const [cookie, socket] of [
    [
      `lanyard-4000-pending=${waiting.pendingKey}`,
      server.socketWithCookie(`; lanyard-4000-pending=${waiting.pendingKey}`),
    ],
    [`lanyard-4000=${waiting.pendingKey}`, server.socketWithCookie(String(waiting.pendingKey))],
  ] as const) {
    for (const { root, field } of closed) {
      const list = (parts: string[]) => (parts.length > 0 ? `(${parts.join(', ')})` : '')
      const query = `${root} ${list(field.args.map(({ name, type }) => `$${name}: ${String(type)}`))} {
        ${field.name}${list(field.args.map(({ name }) => `${name}: $${name}`))}
        ${isObjectType(getNamedType(field.type)) ? '{ __typename }' : ''} }`
      const needed = field.args.filter(({ type }) => isNonNullType(type))
      const variables = Object.fromEntries(
        needed.map(({ name, type }) => [name, isInputObjectType(getNamedType(type)) ? {} : randomUUID()]),
      )
      // HTTP answers subscriptions to nobody.
      if (root !== 'subscription') {
        const answer = await server.anonymous.send({ query, variables }, { cookie })
        overHttp[`${field.name} with ${cookie}`] = refusalOf(answer)?.['code']
      }
      await expect(socket.iterate({ query, variables }).next()).rejects.toMatchObject({ code: 4401 })
    }
    expect((await server.anonymous.send({ query: '{ me { id } }' }, { cookie })).data).toEqual({ me: null })
  }
  expect(Object.entries(overHttp).filter(([, code]) => code !== 'UNAUTHENTICATED')).toEqual([])
  expect(Object.keys(overHttp).length).toBeGreaterThan(60)
}, 60_000)
