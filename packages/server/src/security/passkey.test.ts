import { randomBytes, randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { Browser } from '../../test/browser.ts'
import { dumpDatabase } from '../../test/dump.ts'
import { QueuedMessages } from '../../test/queued-messages.ts'
import { type Answer, createTestServer, refusalOf } from '../../test/server.ts'
import { SoftwareAuthenticator, type Tampering } from '../../test/software-authenticator.ts'
import { enrol } from '../../test/two-factor.ts'
import type { User } from '../users/user.entity.ts'
import { relyingPartyOf } from './relying-party.ts'

const queued = new QueuedMessages()
// Waiting after wrong tries is looked at by itself, on a server of its own.
const limits = {
  signIn: {
    firstWaitSeconds: 0,
    longestWaitSeconds: 0,
    addressFreeFailures: 10_000,
    globalFailuresPerMinute: 10_000,
  },
}
const server = await createTestServer({ limits })
const other = await createTestServer({ limits, databaseUrl: server.databaseUrl, clock: server.clock })
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())

const password = 'correct horse battery'
const bitwarden = 'd548826e-79b4-db40-a3d8-11116f7e8349'
const refused = { code: 'PASSKEY_REFUSED' }
const list = 'passkeys { id name createdAt lastUsedAt synced provider }'

async function browserOf(user: User): Promise<Browser> {
  return new Browser(server, (await server.build.session(user)).key)
}

const optionsOf = async (browser: Browser, mutation: string) => {
  const answer = await browser.query(`mutation { ${mutation} { options } }`)
  if (answer.errors) throw new Error(answer.text)
  return answer.data[mutation].options
}

async function register(
  browser: Browser,
  authenticator: SoftwareAuthenticator,
  { name, ...tampering }: Tampering & { name?: string | null } = {},
): Promise<Answer> {
  const options = await optionsOf(browser, 'startPasskeyRegistration')
  const response = authenticator.create(options, tampering)
  return browser.mutate(
    'addPasskey',
    { response, ...(name === undefined ? {} : { name }) },
    `passkey { id name } me { ${list} }`,
  )
}

/** Somebody with a passkey. */
async function holder(person: { counts?: boolean; password?: string } = {}) {
  const user = await server.build.user(person.password === undefined ? {} : { password: person.password })
  const browser = await browserOf(user)
  const authenticator = new SoftwareAuthenticator({ counts: person.counts ?? false })
  const answer = await register(browser, authenticator)
  return { user, browser, authenticator, id: String(answer.data.addPasskey.passkey.id) }
}

async function signIn(
  authenticator: SoftwareAuthenticator,
  tampering: Tampering = {},
  browser: Browser = new Browser(server),
): Promise<Answer> {
  const options = await optionsOf(browser, 'startPasskeySignIn')
  return sendSignIn(browser, authenticator.get(options, tampering))
}

function sendSignIn(browser: Browser, response: object): Promise<Answer> {
  return browser.mutate('signInWithPasskey', { response }, 'status ssoUrl me { id }')
}

test('the options ask for a passkey that finds and verifies its person, with no attestation, and not for a second one', async () => {
  const { user, browser } = await holder()
  const options = await optionsOf(browser, 'startPasskeyRegistration')
  expect(options).toMatchObject({
    rp: { id: 'localhost', name: 'Lanyard' },
    user: {
      id: Buffer.from(user.id.replaceAll('-', ''), 'hex').toString('base64url'),
      name: user.username,
      displayName: user.name,
    },
    attestation: 'none',
    timeout: 300_000,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: [{ type: 'public-key', transports: ['hybrid', 'internal'] }],
  })
  expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32)
  expect(await optionsOf(new Browser(server), 'startPasskeySignIn')).toMatchObject({
    rpId: 'localhost',
    allowCredentials: [],
    userVerification: 'required',
  })
})

test.each([
  ['https://lanyard.example.com', 'lanyard.example.com', ['https://lanyard.example.com']],
  ['https://lanyard.example.com:8443', 'lanyard.example.com', ['https://lanyard.example.com:8443']],
  [
    'http://127.0.0.1:4000',
    'localhost',
    ['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'],
  ],
])('at %s a passkey is for %s', (publicUrl, id, origins) => {
  expect(relyingPartyOf({ publicUrl: new URL(publicUrl) })).toEqual({ id, name: 'Lanyard', origins })
})

test('a passkey is listed with a name made for it or given, newest first, and told by mail and history', async () => {
  const user = await server.build.user()
  const browser = await browserOf(user)
  const known = await register(browser, new SoftwareAuthenticator({ aaguid: bitwarden }))
  expect(known.data.addPasskey.passkey.name).toBe('Bitwarden, node')
  const { data } = await register(browser, new SoftwareAuthenticator({ counts: true }), {
    name: ' Key on my ring ',
  })
  expect(data.addPasskey.me.passkeys).toEqual([
    {
      id: data.addPasskey.passkey.id,
      name: 'Key on my ring',
      createdAt: server.clock.now().toISOString(),
      lastUsedAt: null,
      synced: false,
      provider: null,
    },
    expect.objectContaining({ name: 'Bitwarden, node', synced: true, provider: 'Bitwarden' }),
  ])
  expect(
    (await register(browser, new SoftwareAuthenticator(), { name: null })).data.addPasskey.passkey.name,
  ).toBe('node')
  expect(queued.recipientsOf('PASSKEY_ADDED', user.id)).toHaveLength(3)
  const history = await browser.query(
    '{ me { activity { nodes { action subject } } twoFactor { enabled } } }',
  )
  expect(history.data.me.activity.nodes[1]).toEqual({ action: 'PASSKEY_ADDED', subject: 'Key on my ring' })
  // Having one asks for no second factor.
  expect(history.data.me.twoFactor.enabled).toBe(false)
})

test.each([
  ['an empty name', ' ', 'EMPTY'],
  ['a name longer than a hundred characters', 'n'.repeat(101), 'TOO_LONG'],
  ['a name of two lines', 'one\ntwo', 'FORMAT'],
])('%s is refused, and the answer can be given again with a better one', async (_what, name, reason) => {
  const browser = await browserOf(await server.build.user())
  const response = new SoftwareAuthenticator().create(await optionsOf(browser, 'startPasskeyRegistration'))
  expect(refusalOf(await browser.mutate('addPasskey', { name, response }, 'me { id }'))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'name',
    reason,
  })
  expect((await browser.mutate('addPasskey', { response }, 'me { id }')).errors).toBeUndefined()
})

test('a passkey signs its person in alone, also where a code would be asked for beside a password', async () => {
  const { user, browser, authenticator } = await holder({ password })
  await enrol(server, user)
  const mine = new Browser(server)
  const { data, headers } = await signIn(authenticator, {}, mine)
  expect(data.signInWithPasskey).toEqual({ status: 'SIGNED_IN', ssoUrl: null, me: { id: user.id } })
  expect(headers.getSetCookie()).toHaveLength(2)
  const me = await mine.query(`{ me { currentSession { method } ${list} } }`)
  expect(me.data.me.currentSession).toEqual({ method: 'PASSKEY' })
  expect(me.data.me.passkeys).toMatchObject([{ lastUsedAt: server.clock.now().toISOString() }])
  expect(browser.sessionKey).not.toBe(mine.sessionKey)
})

const tamperings: [string, Tampering][] = [
  ['of a challenge that nobody gave', { challenge: randomBytes(32).toString('base64url') }],
  ['of another site', { origin: 'https://lanyard.example.org' }],
  ['of the same host on another port', { origin: 'http://localhost:4001' }],
  ['in a frame of another site', { crossOrigin: true }],
  ['for another relying party', { rpId: 'example.com' }],
  ['without its person being verified', { userVerified: false }],
  ['without anybody being there', { userPresent: false }],
  ['of the other ceremony', { type: 'webauthn.create' }],
  ['signed by another key', { foreignKey: true }],
  ['of a passkey that is not known', { credentialId: randomBytes(32).toString('base64url') }],
  ['that names somebody else', { userHandle: randomBytes(16).toString('base64url') }],
  ['that names nobody', { userHandle: null }],
]

test.each(tamperings)('an answer %s signs nobody in', async (_what, tampering) => {
  const { authenticator } = await holder()
  const answer = await signIn(authenticator, tampering)
  expect(refusalOf(answer)).toEqual(refused)
  expect(answer.data).toBeNull()
  expect(answer.headers.getSetCookie()).toEqual([])
  expect((await signIn(authenticator)).data.signInWithPasskey.status).toBe('SIGNED_IN')
})

test.each([
  ['of a challenge that nobody gave', { challenge: randomBytes(32).toString('base64url') }],
  ['of another site', { origin: 'https://lanyard.example.org' }],
  ['in a frame of another site', { crossOrigin: true }],
  ['for another relying party', { rpId: 'example.com' }],
  ['without its person being verified', { userVerified: false }],
  ['of the other ceremony', { type: 'webauthn.get' }],
] as [string, Tampering][])('a registration %s adds no passkey', async (_what, tampering) => {
  const browser = await browserOf(await server.build.user())
  expect(refusalOf(await register(browser, new SoftwareAuthenticator(), tampering))).toEqual(refused)
  expect((await browser.query('{ me { passkeys { id } } }')).data.me.passkeys).toEqual([])
})

test.each([
  {},
  { id: 'x' },
  { id: 'x', rawId: 'x', type: 'public-key', response: {} },
  {
    id: 'x',
    rawId: 'x',
    type: 'public-key',
    response: { clientDataJSON: 'bm8', authenticatorData: 'x', signature: 'x' },
  },
  {
    id: 'x',
    rawId: 'x',
    type: 'public-key',
    response: { clientDataJSON: 'e30', authenticatorData: 'x', signature: 'x' },
  },
  { id: 'x'.repeat(1365), rawId: 'x', type: 'public-key', response: {} },
  { id: ['x'], rawId: { x: 1 }, type: 7, response: 'x' },
])('what is no answer of a passkey is refused as one: %j', async (response) => {
  expect(refusalOf(await sendSignIn(new Browser(server), response))).toEqual(refused)
})

test('an answer counts once, and of fifty at once on two servers one does', async () => {
  const { authenticator } = await holder()
  const browser = new Browser(server)
  const response = authenticator.get(await optionsOf(browser, 'startPasskeySignIn'))
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      sendSignIn(new Browser(index % 2 === 0 ? server : other), response),
    ),
  )
  expect(answers.filter(({ errors }) => !errors)).toHaveLength(1)
  expect(refusalOf(await sendSignIn(browser, response))).toEqual(refused)
})

test('a challenge lasts five minutes, serves what it was given for only, and is not kept in clear', async () => {
  const { user, browser, authenticator } = await holder()
  const late = await optionsOf(browser, 'startPasskeySignIn')
  expect(await dumpDatabase(client)).not.toContain(late.challenge)
  server.clock.advanceSeconds(300)
  expect(refusalOf(await sendSignIn(browser, authenticator.get(late)))).toEqual(refused)

  const forRegistration = await optionsOf(await browserOf(user), 'startPasskeyRegistration')
  const forProof = await optionsOf(await browserOf(user), 'startPasskeyProof')
  for (const { challenge } of [forRegistration, forProof]) {
    const response = authenticator.get({ challenge, rpId: 'localhost', allowCredentials: [] })
    expect(refusalOf(await sendSignIn(new Browser(server), response))).toEqual(refused)
  }
  const forSignIn = await optionsOf(browser, 'startPasskeySignIn')
  const response = authenticator.create({ ...forRegistration, challenge: forSignIn.challenge })
  expect(refusalOf(await browser.mutate('addPasskey', { response }, 'me { id }'))).toEqual(refused)
})

test('old challenges go when new ones come', async () => {
  const count = async () =>
    (await client.query('select count(*)::int as n from passkey_challenge')).rows[0].n
  const browser = new Browser(server)
  for (let round = 0; round < 5; round++) await optionsOf(browser, 'startPasskeySignIn')
  server.clock.advanceSeconds(301)
  for (let round = 0; round < 5; round++) await optionsOf(browser, 'startPasskeySignIn')
  expect(await count()).toBe(5)
})

test('the challenge of one person makes no passkey for another', async () => {
  const [mine, theirs] = [
    await browserOf(await server.build.user()),
    await browserOf(await server.build.user()),
  ]
  const response = new SoftwareAuthenticator().create(await optionsOf(mine, 'startPasskeyRegistration'))
  expect(refusalOf(await theirs.mutate('addPasskey', { response }, 'me { id }'))).toEqual(refused)
})

test('a passkey that is registered already, by oneself or another, is refused', async () => {
  const { browser } = await holder()
  const options = await optionsOf(browser, 'startPasskeyRegistration')
  const credentialId = options.excludeCredentials[0].id
  for (const whose of [browser, await browserOf(await server.build.user())]) {
    expect(refusalOf(await register(whose, new SoftwareAuthenticator(), { credentialId }))).toEqual(refused)
  }
})

test('a counter that stands still or goes back is refused, one that goes on is not', async () => {
  const { authenticator } = await holder({ counts: true })
  expect((await signIn(authenticator, { counter: 5 })).errors).toBeUndefined()
  for (const counter of [5, 4, 0])
    expect(refusalOf(await signIn(authenticator, { counter }))).toEqual(refused)
  expect((await signIn(authenticator, { counter: 6 })).errors).toBeUndefined()
})

test('nobody signs in with the passkey of a disabled person', async () => {
  const { user, authenticator } = await holder()
  await client.query('update "user" set disabled_at = $1 where id = $2', [server.clock.now(), user.id])
  const answer = await signIn(authenticator)
  expect(refusalOf(answer)).toEqual({ code: 'CREDENTIALS_WRONG' })
  expect(answer.headers.getSetCookie()).toEqual([])
})

test('a stranger who tries many passkeys waits', async () => {
  const strict = await createTestServer({ databaseUrl: server.databaseUrl, clock: server.clock })
  const { authenticator } = await holder()
  await client.query('delete from sign_in_throttle')
  const attempt = () => signIn(authenticator, { foreignKey: true }, new Browser(strict))
  for (let tries = 0; tries < 20; tries++) expect(refusalOf(await attempt())).toEqual(refused)
  await attempt()
  expect(refusalOf(await attempt())).toMatchObject({ code: 'RATE_LIMITED' })
  await strict.stop()
  await client.query('delete from sign_in_throttle')
})

async function halfSignedIn(user: User): Promise<Browser> {
  const browser = new Browser(server)
  await browser.signIn(user.username, password)
  return browser
}

test('a passkey answers in place of a code, and one of somebody else does not', async () => {
  const { user, authenticator } = await holder({ password })
  await enrol(server, user)
  const waiting = await halfSignedIn(user)
  expect(
    (await waiting.query('{ pendingSignIn { secondFactors } }')).data.pendingSignIn.secondFactors,
  ).toEqual(['TOTP', 'PASSKEY', 'RECOVERY_CODE'])
  const { authenticator: foreign } = await holder()
  const challenged = await optionsOf(waiting, 'startPasskeyProof')
  expect(challenged.allowCredentials).toHaveLength(1)
  expect(refusalOf(await waiting.submit({ passkey: foreign.get(challenged) }))).toEqual(refused)

  const anonymous = authenticator.get(await optionsOf(waiting, 'startPasskeySignIn'))
  expect(refusalOf(await waiting.submit({ passkey: anonymous }))).toEqual(refused)
  const unverified = authenticator.get(await optionsOf(waiting, 'startPasskeyProof'), {
    userVerified: false,
  })
  expect(refusalOf(await waiting.submit({ passkey: unverified }))).toEqual(refused)

  // A key that was asked for by its id need not say whose it is.
  const passkey = authenticator.get(await optionsOf(waiting, 'startPasskeyProof'), { userHandle: null })
  const answer = await waiting.submit({ passkey })
  expect(answer.data.submitSecondFactor).toEqual({ status: 'SIGNED_IN', ssoUrl: null, me: { id: user.id } })
})

test('five wrong passkeys and the password is asked for again', async () => {
  const { user, authenticator } = await holder({ password })
  const { code } = await enrol(server, user)
  const waiting = await halfSignedIn(user)
  for (let tries = 0; tries < 5; tries++) {
    const passkey = authenticator.get(await optionsOf(waiting, 'startPasskeyProof'), { foreignKey: true })
    expect(refusalOf(await waiting.submit({ passkey }))).toEqual(refused)
  }
  expect(refusalOf(await waiting.submit({ code: code() }))).toEqual({ code: 'SIGN_IN_EXPIRED' })
})

test('a proof is asked of who is known and has a passkey, and of nobody else', async () => {
  const start = (browser: Browser) => browser.query('mutation { startPasskeyProof { options } }')
  expect(refusalOf(await start(new Browser(server)))).toEqual({ code: 'SIGN_IN_EXPIRED' })
  expect(refusalOf(await start(await browserOf(await server.build.user())))).toEqual(refused)
  const { user } = await holder()
  const { accountUser } = await server.build.member({ user })
  const { token } = await server.build.token(accountUser)
  const withToken = await server.withToken(token).query('mutation { startPasskeyProof { options } }')
  expect(refusalOf(withToken)).toEqual({ code: 'SIGN_IN_EXPIRED' })
})

test('there are twenty passkeys at most, however many are added at once', async () => {
  const { user, browser } = await holder()
  for (let number = 0; number < 18; number++) await server.build.passkey(user)
  const responses = []
  for (let round = 0; round < 3; round++) {
    responses.push(new SoftwareAuthenticator().create(await optionsOf(browser, 'startPasskeyRegistration')))
  }
  const answers = await Promise.all(
    responses.map((response) => browser.mutate('addPasskey', { response }, 'me { id }')),
  )
  const limit = { code: 'PASSKEY_LIMIT_REACHED' }
  expect(answers.flatMap((answer) => refusalOf(answer) ?? [])).toEqual([limit, limit])
  expect(refusalOf(await browser.query('mutation { startPasskeyRegistration { options } }'))).toEqual(limit)
})

test('a passkey is renamed, and the history tells from what', async () => {
  const { browser, id } = await holder()
  const rename = (name: string) =>
    browser.mutate('renamePasskey', { passkeyId: id, name }, 'passkey { id name }')
  expect((await rename('Work laptop')).data.renamePasskey.passkey).toEqual({ id, name: 'Work laptop' })
  await rename('Work laptop')
  expect(refusalOf(await rename('\u202e'))).toMatchObject({ code: 'BAD_USER_INPUT', field: 'name' })
  const { data } = await browser.query(
    '{ me { activity { nodes { action changes { field before after } } } } }',
  )
  expect(data.me.activity.nodes).toEqual([
    { action: 'PASSKEY_RENAMED', changes: [{ field: 'name', before: 'node', after: 'Work laptop' }] },
    { action: 'PASSKEY_ADDED', changes: [] },
  ])
})

test('a removed passkey opens nothing any more, and ends the other sessions', async () => {
  const { user, browser, authenticator, id } = await holder()
  const elsewhere = new Browser(server)
  await signIn(authenticator, {}, elsewhere)
  const remove = () => browser.mutate('removePasskey', { passkeyId: id }, `removedId me { ${list} }`)
  expect((await remove()).data.removePasskey).toEqual({ removedId: id, me: { passkeys: [] } })
  expect((await elsewhere.query('{ me { id } }')).data).toEqual({ me: null })
  expect(refusalOf(await signIn(authenticator))).toEqual(refused)
  expect(refusalOf(await remove())).toEqual({ code: 'NOT_FOUND', field: 'passkeyId' })
  expect(queued.recipientsOf('PASSKEY_REMOVED', user.id)).toHaveLength(1)
  expect((await client.query('select 1 from passkey_key where passkey_id = $1', [id])).rowCount).toBe(0)
  expect(
    refusalOf(await browser.mutate('removePasskey', { passkeyId: randomUUID() }, 'removedId')),
  ).toEqual({
    code: 'NOT_FOUND',
    field: 'passkeyId',
  })
})
