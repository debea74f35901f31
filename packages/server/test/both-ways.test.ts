import { createECDH } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getOperationAST, parse } from 'graphql'
import { expect, test, vi } from 'vitest'
import { StatementPool } from '../src/database/statements.ts'
import { demonstration, seedDemonstration } from '../src/seed/demo.ts'
import { newToken } from '../src/tokens/token-format.ts'
import { User } from '../src/users/user.entity.ts'
import { AccountUser } from '../src/accounts/account-user.entity.ts'
import { testSealing } from './secret-keys.ts'
import { type Answer, type Caller, createTestServer, type TestServer } from './server.ts'

/** The client's own documents, and the server of the tests that trusts them. */
const clientDirectory = join(import.meta.dirname, '../../client/src/graphql')
// Hashes with their documents: the client's code generation writes it so.
const documents = JSON.parse(
  await readFile(join(clientDirectory, 'trusted-documents.json'), 'utf8'),
) as Record<string, string>

interface Operation {
  name: string
  kind: string
  text: string
  documentId: string
}

const operations: Operation[] = Object.entries(documents).map(([hash, text]) => {
  const operation = getOperationAST(parse(text))
  return {
    name: operation?.name?.value ?? '',
    kind: operation?.operation ?? '',
    text,
    documentId: `sha256:${hash}`,
  }
})
const queries = operations.filter(({ kind }) => kind === 'query')
/** These end every session of the caller, so that nothing can be tried by them afterwards. */
const endSessions = new Set(['LockEverything', 'SignOut', 'SignOutOthers'])
const mutations = operations
  .filter(({ kind }) => kind === 'mutation')
  .toSorted((one, other) => Number(endSessions.has(one.name)) - Number(endSessions.has(other.name)))

/** Two servers with the same demonstration, so that each way can change something once. */
// A worker would ask the database once a second, and so perhaps beside an operation.
const environment = { ROLE: 'api' }
const short = await createTestServer({ clientDirectory, environment })
const long = await createTestServer({ clientDirectory, environment, clock: short.clock })
for (const server of [short, long]) {
  await seedDemonstration(server.databaseUrl, server.clock, testSealing)
  for (const username of [demonstration.admin, demonstration.member]) {
    const { user } = await personOf(server, username)
    await server.build.removedEmail(user, { address: `removed.${username}@example.com` })
  }
}

type Variables = Record<string, unknown>
type Way = 'by hash' | 'as text'

function send(
  caller: Caller,
  { documentId, text }: Operation,
  way: Way,
  variables?: unknown,
): Promise<Answer> {
  const sent = variables === undefined ? {} : { variables }
  return caller.send(way === 'by hash' ? { documentId, ...sent } : { query: text, ...sent })
}

/** What a client sees of an answer; ids of requests differ, and so does the text of an unforeseen error. */
function seen({ status, text, headers }: Answer) {
  const told = [...headers].filter(([name]) => !['x-request-id', 'date', 'set-cookie'].includes(name))
  return { status, text, headers: Object.fromEntries(told) }
}

/** Ids, cursors and secrets are made anew by each server: they are compared by where they come again. */
function withoutChance(text: string): string {
  const names = new Map<string, string>()
  const made =
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|lanyard_\w{36}|(?<="lastFour":")\w{4}|(?<=ursor":")[\w-]{22}|(?<="challenge":")[\w-]+|(?<="user":\{"id":")[\w-]+|\b[A-Z2-7]{32}\b|\b\w{4}(?:-\w{4}){3}\b/g
  return text.replaceAll(made, (value) => {
    names.set(value, names.get(value) ?? `‹${names.size}›`)
    return names.get(value) ?? ''
  })
}

async function personOf(server: TestServer, username: string) {
  const em = server.orm.em.fork()
  const user = await em.findOneOrFail(User, { username })
  const memberships = await em.find(AccountUser, { userId: user.id }, { orderBy: { id: 'asc' } })
  const [accountUser] = memberships
  if (!accountUser) throw new Error(`${username} is in no account`)
  return { user, accountUser }
}

/** Everybody who may ask, on one server. */
async function callersOn(server: TestServer) {
  const admin = await personOf(server, demonstration.admin)
  const member = await personOf(server, demonstration.member)
  const { token } = await server.build.token(member.accountUser, { name: 'Bridge' })
  const { token: readOnly } = await server.build.token(admin.accountUser, {
    name: 'Report',
    readOnly: true,
  })
  const { key: ended, id } = await server.build.session(member.user)
  await server.orm.em.fork().execute('delete from session where id = ?', [id])
  return {
    admin: await server.as(admin.user),
    member: await server.as(member.user),
    'a token': server.withToken(token),
    'a read-only token': server.withToken(readOnly),
    nobody: server.anonymous,
    'a session that has ended': server.withCookie(ended),
    'a cookie that is none': server.withCookie('worthless'),
    'a token that is none': server.withToken(newToken()),
  }
}

const shortCallers = await callersOn(short)
const longCallers = await callersOn(long)
// The two servers have the same callers.
const callers = Object.keys(shortCallers) as (keyof typeof shortCallers)[]

/** An id of an inbox item of the caller's. */
async function someItem(caller: Caller): Promise<string> {
  const { data } = await caller.query('{ me { notifications(first: 1) { nodes { id } } } }')
  return data?.me?.notifications.nodes[0]?.id ?? '0199aaaa-0000-7000-8000-000000000000'
}

/** An email, a phone and a removed email of the caller's, or nobody's. */
async function addressesOf(
  caller: Caller,
): Promise<{ emailId: string; phoneId: string; removedEmailId: string }> {
  const { data } = await caller.query('{ me { emails { id } phones { id } removedEmails { id } } }')
  const nobodys = '0199aaaa-0000-7000-8000-000000000000'
  return {
    emailId: data?.me?.emails.at(-1)?.id ?? nobodys,
    phoneId: data?.me?.phones.at(-1)?.id ?? nobodys,
    removedEmailId: data?.me?.removedEmails.at(-1)?.id ?? nobodys,
  }
}

/** An account of the caller's, or nobody's. */
async function accountOf(caller: Caller): Promise<string> {
  const { data } = await caller.query('{ me { accountUsers { account { id } } } }')
  return data?.me?.accountUsers[0]?.account.id ?? '0199aaaa-0000-7000-8000-000000000000'
}

/** The oldest token of the caller's, or nobody's. */
async function tokenOf(caller: Caller): Promise<string> {
  const { data } = await caller.query('{ me { accountUsers { personalAccessTokens { id } } } }')
  const tokens = data?.me?.accountUsers.flatMap(
    ({ personalAccessTokens }: { personalAccessTokens: { id: string }[] }) => personalAccessTokens,
  )
  return tokens?.at(-1)?.id ?? '0199aaaa-0000-7000-8000-000000000000'
}

async function someCursor(caller: Caller): Promise<string> {
  const { data } = await caller.query('{ me { notifications(first: 3) { pageInfo { endCursor } } } }')
  return data?.me?.notifications.pageInfo.endCursor ?? 'AZmqqgAAcACAAAAAAAAAAA'
}

/** Good and bad variables of the queries that take some; every query is asked with these as well. */
async function variablesOf({ name }: Operation, caller: Caller): Promise<unknown[]> {
  const anything = [undefined, null, {}, { unknown: 1 }, { first: 5 }, [], 'text', { text: 'a\0b' }]
  if (name === 'DeliveryNow') {
    return [...anything, { id: '0199aaaa-0000-7000-8000-000000000000' }, { id: 'x' }, { id: null }]
  }
  if (name === 'InboxItem') {
    const id = await someItem(caller)
    return [
      ...anything,
      { id },
      { id: 'x' },
      { id: 7 },
      { id: null },
      { id: [id] },
      { id: '0199aaaa-0000-7000-8000-000000000000' },
    ]
  }
  if (name === 'AccountTokens' || name === 'Members' || name === 'OwnMembership') {
    const accountId = await accountOf(caller)
    return [
      ...anything,
      { accountId },
      { accountId, after: 'broken' },
      { accountId, after: 7 },
      { accountId: 'x' },
      { accountId: '0199aaaa-0000-7000-8000-000000000000' },
    ]
  }
  if (name !== 'InboxItems' && name !== 'Activity') return anything
  const after = await someCursor(caller)
  const pages = [
    {},
    { first: 3 },
    { first: 0 },
    { first: 100 },
    { first: 101 },
    { first: -1 },
    { first: '3' },
    { first: 1e10 },
    { first: 2, after },
    { first: 100, after },
    { after: 'broken' },
    { after: '' },
    { after: null },
  ]
  const kinds = name === 'InboxItems' ? ['NOTIFICATION', 'ALERT', 'OTHER', null, 7] : [undefined]
  return [...anything, ...kinds.flatMap((kind) => pages.map((page) => ({ ...page, kind })))]
}

test.each(queries)(
  '$name is answered alike by hash and as text, byte by byte, to everybody',
  async (operation) => {
    for (const who of callers) {
      const caller = shortCallers[who]
      for (const variables of await variablesOf(operation, caller)) {
        const [byHash, asText] = await Promise.all([
          send(caller, operation, 'by hash', variables),
          send(caller, operation, 'as text', variables),
        ])
        expect({ who, variables, ...seen(byHash) }).toEqual({ who, variables, ...seen(asText) })
      }
    }
  },
)

const ecdh = createECDH('prime256v1')
ecdh.generateKeys()
const browserKeys = {
  endpoint: 'https://push.example.com/both-ways',
  p256dh: ecdh.getPublicKey('base64url'),
  auth: Buffer.alloc(16).toString('base64url'),
}

/** Inputs that each mutation accepts, refuses by its type and refuses by its rules, for one server. */
async function inputsOf({ name }: Operation, server: TestServer, caller: Caller): Promise<Variables[]> {
  const { accountUser } = await personOf(server, demonstration.member)
  const { accountUser: others } = await personOf(server, demonstration.admin)
  const foreign = '0199aaaa-0000-7000-8000-000000000000'
  const { emailId, phoneId, removedEmailId } = await addressesOf(caller)
  const inputs: Record<string, Variables[]> = {
    AddEmail: [{ address: 'both.ways@example.com' }, { address: 'nowhere' }, { address: '' }],
    AddPasskey: [
      { response: {} },
      { name: 'Desk', response: { id: 'AQID', type: 'public-key' } },
      { name: 'x'.repeat(200), response: {} },
    ],
    ChangePassword: [
      { currentPassword: 'wrong', newPassword: 'river lamp anchor 2026' },
      { currentPassword: demonstration.password, newPassword: 'short' },
      { currentPassword: '', newPassword: '' },
    ],
    ConfirmStepUp: [{ password: demonstration.password }, { code: '000000' }, {}],
    ConfirmTwoFactorSetup: [{ code: '000000' }, { code: 'x' }, { code: '' }],
    DisableTwoFactor: [
      { password: demonstration.password, code: '000000' },
      { password: '', code: '' },
    ],
    RequestPasswordReset: [{ email: 'both.ways@example.com' }, { email: '' }],
    ResetPassword: [
      { token: 'worthless', newPassword: 'river lamp anchor 2026' },
      { token: '', newPassword: '' },
    ],
    SignInWithPasskey: [
      { response: {} },
      { response: { id: 'AQID', type: 'public-key' }, rememberMe: true },
    ],
    SubmitSecondFactor: [{ code: '000000' }, { passkey: {} }, {}],
    RenamePasskey: [
      { passkeyId: foreign, name: 'Desk' },
      { passkeyId: 'x', name: 'Desk' },
    ],
    RemovePasskey: [{ passkeyId: foreign }, { passkeyId: 'x' }],
    RevokeSession: [{ sessionId: foreign }, { sessionId: 'x' }],
    ForgetRemovedEmail: [{ removedEmailId }, { removedEmailId: foreign }, { removedEmailId: 'x' }],
    AddPhone: [
      { number: '+13125550177', channel: 'SMS' },
      { number: '+13125550178', channel: 'EMAIL' },
      { number: '112', channel: 'VOICE' },
    ],
    VerifyEmail: [
      { emailId, code: '000000' },
      { emailId, code: 'x' },
      { emailId: foreign, code: '000000' },
    ],
    VerifyPhone: [
      { phoneId, code: '000000' },
      { phoneId, code: 'x' },
      { phoneId: foreign, code: '000000' },
    ],
    ResendEmailCode: [{ emailId }, { emailId: foreign }, { emailId: 'x' }],
    ResendPhoneCode: [
      { phoneId, channel: 'VOICE' },
      { phoneId, channel: 'PUSH' },
      { phoneId: foreign, channel: 'SMS' },
    ],
    SetPrimaryEmail: [{ emailId }, { emailId: foreign }],
    SetPrimaryPhone: [{ phoneId }, { phoneId: foreign }],
    RemoveEmail: [{ emailId }, { emailId: foreign }, { emailId: 'x' }],
    RemovePhone: [{ phoneId: foreign }, { phoneId: 'x' }],
    SendTestNotification: [
      { channel: 'EMAIL', addressId: emailId },
      { channel: 'SMS', addressId: phoneId },
      { channel: 'IN_APP', addressId: emailId },
      { channel: 'EMAIL', addressId: foreign },
    ],
    RegisterPushDevice: [
      browserKeys,
      { ...browserKeys, endpoint: 'http://push.example.com/a' },
      { ...browserKeys, auth: 'short' },
    ],
    RemovePushDevice: [{ pushDeviceId: foreign }, { pushDeviceId: 'x' }],
    UnlinkSlack: [{ slackLinkId: foreign }, { slackLinkId: 'x' }],
    SetNotificationChannels: [{ channels: ['EMAIL', 'VOICE'] }, { channels: ['IN_APP'] }, { channels: [] }],
    CreatePersonalAccessToken: [
      { accountUserId: accountUser.id, name: 'New' },
      { accountUserId: others.id, name: 'New', readOnly: true },
      { accountUserId: foreign, name: 'New' },
      { accountUserId: accountUser.id, name: '' },
      { accountUserId: accountUser.id, name: 'x'.repeat(200) },
      { accountUserId: accountUser.id, name: 'New', expiresAt: 'yesterday' },
      { accountUserId: accountUser.id, name: 'New', expiresAt: '2099-01-01T00:00:00Z' },
    ],
    DeletePersonalAccessToken: [{ personalAccessTokenId: foreign }, { personalAccessTokenId: 'x' }],
    SetTokenPolicy: [
      { accountId: await accountOf(caller), longestTokenDays: 180 },
      { accountId: await accountOf(caller), longestTokenDays: 0 },
      { accountId: foreign, longestTokenDays: 30 },
      { accountId: 'x', longestTokenDays: 30 },
    ],
    SetSignInPolicy: [
      { accountId: await accountOf(caller), signInName: 'both-ways', requireTwoFactor: false },
      { accountId: await accountOf(caller), signInName: '-' },
      { accountId: foreign, signInName: null },
      { accountId: 'x', requireTwoFactor: false },
    ],
    CreateSsoConnection: [
      { accountId: await accountOf(caller), name: 'OIDC', protocol: 'OIDC', issuer: 'no address' },
      { accountId: await accountOf(caller), name: 'SAML', protocol: 'SAML', metadataXml: '<no />' },
      { accountId: await accountOf(caller), name: '', protocol: 'OIDC' },
      { accountId: foreign, name: 'OIDC', protocol: 'OIDC', createJustInTime: true },
    ],
    UpdateSsoConnection: [
      { accountId: await accountOf(caller), ssoConnectionId: foreign, name: 'Renamed' },
      { accountId: await accountOf(caller), ssoConnectionId: 'x', createJustInTime: true },
      { accountId: foreign, ssoConnectionId: foreign, clientSecret: '' },
    ],
    DeleteSsoConnection: [
      { accountId: await accountOf(caller), ssoConnectionId: foreign },
      { accountId: foreign, ssoConnectionId: 'x' },
    ],
    EnableSsoConnection: [
      { accountId: await accountOf(caller), ssoConnectionId: foreign },
      { accountId: foreign, ssoConnectionId: 'x' },
    ],
    DisableSsoConnection: [
      { accountId: await accountOf(caller), ssoConnectionId: foreign },
      { accountId: foreign, ssoConnectionId: 'x' },
    ],
    RevokePersonalAccessToken: [
      { accountId: await accountOf(caller), personalAccessTokenId: foreign },
      { accountId: await accountOf(caller), personalAccessTokenId: 'x' },
      { accountId: foreign, personalAccessTokenId: await tokenOf(caller) },
    ],
    // Nobody of the callers' accounts, and nobody at all: they are still needed.
    RemoveAccountUser: [{ accountUserId: foreign }, { accountUserId: 'x' }],
    SetUserEnabled: [
      { userId: foreign, enabled: false },
      { userId: 'x', enabled: true },
    ],
    // Not one's own account: the callers' tokens are still needed.
    RevokeAccountTokens: [{ accountId: foreign }, { accountId: 'x' }],
    RotatePersonalAccessToken: [
      { personalAccessTokenId: await tokenOf(caller), overlapHours: 1 },
      { personalAccessTokenId: await tokenOf(caller), overlapHours: 169 },
      { personalAccessTokenId: foreign },
      { personalAccessTokenId: 'x' },
    ],
    RecordLastVisited: [
      { path: '/settings/activity' },
      { path: '//evil.example.com' },
      { path: '/', accountId: foreign },
    ],
    SetAllNotificationsRead: [{ read: true, kind: 'ALERT' }, { read: false }, { read: 'yes' }],
    SetNotificationPreferences: [
      { accountUserId: accountUser.id, preferences: [{ eventType: 'TICKET_ASSIGNED', channels: [] }] },
      { accountUserId: accountUser.id, preferences: [{ eventType: 'NO_SUCH', channels: ['IN_APP'] }] },
      {
        accountUserId: accountUser.id,
        preferences: [{ eventType: 'TICKET_ASSIGNED', channels: ['SMOKE'] }],
      },
      { accountUserId: foreign, preferences: [] },
    ],
    SetNotificationsRead: [
      { ids: [await someItem(caller)], read: true },
      { ids: [foreign], read: true },
      { ids: [], read: true },
    ],
    SignIn: [
      { login: demonstration.member, password: demonstration.password, rememberMe: true },
      { login: 'nobody.at.all', password: 'wrong' },
      { login: '', password: '' },
    ],
    UpdatePreferences: [
      { language: 'FR', rowsPerPage: 10 },
      { rowsPerPage: 1000 },
      { language: 'XX' },
      { timeZone: 'Nowhere/City' },
    ],
    UpdateProfile: [
      { name: 'Another Name' },
      { username: demonstration.admin },
      { name: '' },
      { name: 'a\0b' },
    ],
  }
  const given = (inputs[name] ?? []).map((input) => ({ input }))
  return [...given, {}, { input: null }, { input: { unknown: 1 } }, { input: [] }, { input: 'x' }]
}

test.each(mutations)(
  '$name does and answers the same by hash and as text, to everybody',
  async (operation) => {
    for (const who of callers) {
      const byHash = await inputsOf(operation, short, shortCallers[who])
      const asText = await inputsOf(operation, long, longCallers[who])
      for (const [index, variables] of byHash.entries()) {
        const one = seen(await send(shortCallers[who], operation, 'by hash', variables))
        const other = seen(await send(longCallers[who], operation, 'as text', asText[index]))
        expect({
          who,
          variables,
          ...one,
          text: withoutChance(one.text),
          headers: sizeless(one.headers),
        }).toEqual({
          who,
          variables,
          ...other,
          text: withoutChance(other.text),
          headers: sizeless(other.headers),
        })
      }
    }
  },
)

/** What chance made may be of another length. */
function sizeless({
  'content-length': _length,
  ...headers
}: Record<string, string>): Record<string, string> {
  return headers
}

test('every mutation of the client is tried with an input that it accepts or is refused by its rules', async () => {
  for (const operation of mutations.filter(({ text }) => text.includes('$input'))) {
    const inputs = await inputsOf(operation, short, shortCallers.member)
    expect({ [operation.name]: inputs.length > 5 }).toEqual({ [operation.name]: true })
  }
})

test.each(queries)(
  '$name by hash sends one statement beside none or one, and writes nothing',
  async (operation) => {
    // An administrator may ask everything.
    const { user } = await personOf(short, demonstration.admin)
    const caller = await short.as(user)
    const variables = {
      id: await someItem(caller),
      accountId: await accountOf(caller),
      kind: 'NOTIFICATION',
      first: 25,
    }
    const run = vi.spyOn(StatementPool.prototype, 'run')
    const { errors } = await send(caller, operation, 'by hash', variables)
    const statements = run.mock.calls.map(([{ text }]) => text)
    run.mockRestore()
    expect(errors).toBeUndefined()
    expect(statements.length).toBeLessThanOrEqual(2)
    for (const text of statements) expect(text).toMatch(/^select /)
  },
)

test('the pages of somebody who looks around are one statement each', async () => {
  const { user } = await personOf(short, demonstration.admin)
  const caller = await short.as(user)
  const [id, accountId] = [await someItem(caller), await accountOf(caller)]
  const statementsByName: Record<string, number> = {}
  for (const operation of queries) {
    const run = vi.spyOn(StatementPool.prototype, 'run')
    await send(caller, operation, 'by hash', { id, accountId, kind: 'ALERT', first: 10 })
    statementsByName[operation.name] = run.mock.calls.length
    run.mockRestore()
  }
  // What is in force of somebody's preferences is worked out by a resolver.
  const {
    NotificationSettings: settings,
    AccountTokens,
    Members,
    OwnMembership,
    SignInSettings,
    ...others
  } = statementsByName
  expect(settings).toBe(2)
  // The short route is for what hangs on the person who asks.
  expect({ AccountTokens, Members, OwnMembership, SignInSettings }).toEqual({
    AccountTokens: 2,
    Members: 2,
    OwnMembership: 2,
    SignInSettings: 2,
  })
  expect(new Set(Object.values(others))).toEqual(new Set([1]))
})
