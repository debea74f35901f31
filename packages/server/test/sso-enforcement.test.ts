import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import {
  getNamedType,
  getNullableType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { Client } from 'pg'
import { afterAll, afterEach, expect, test } from 'vitest'
import { createSchema, reads } from '../src/schema.ts'
import type { User } from '../src/users/user.entity.ts'
import { CookieBrowser } from './cookie-browser.ts'
import { type Answer, createTestServer, refusalOf } from './server.ts'
import { browserOf, enforceSso, goThrough } from './sso-scene.ts'
import { OidcProviderStandIn } from './stand-ins/oidc-provider.ts'
import { TestClock } from './test-clock.ts'

const provider = await OidcProviderStandIn.listen()
const slow = await OidcProviderStandIn.listen()
const clock = new TestClock(new Date())
const clientDirectory = join(import.meta.dirname, '../../client/src/graphql')
const server = await createTestServer({
  clock,
  clientDirectory,
  environment: { ALLOWED_OUTBOUND_HOSTS: `${provider.host},${slow.host}` },
})
const schema = await createSchema()
const database = new Client({ connectionString: server.databaseUrl })
await database.connect()
afterAll(async () => {
  await database.end()
  await provider[Symbol.asyncDispose]()
  await slow[Symbol.asyncDispose]()
})
afterEach(() => slow.fallSilent(false))

const scene = await enforceSso(server, provider)
const closed = scene.account
const open = await server.build.account({ name: 'Open Account' })
const password = 'a long sentence about harbours'
const user = await server.build.user({ password })
const inClosed = (await server.build.member({ user, account: closed, roles: ['dispatcher'] })).accountUser
const inOpen = (await server.build.member({ user, account: open })).accountUser
const rule = await server.build.rule(closed)
const { token, id: tokenId } = await server.build.token(inClosed)
const browser = await browserOf(server, user)

const ssoRequired = { code: 'SSO_REQUIRED', accountId: closed.id }

test('a session of a password reaches what needs no single sign-on, and names what does', async () => {
  const { data, errors } = await browser.caller.query(
    '{ me { name accountUsers { id account { name } roles { name } closed { reason ssoUrl } } } }',
  )
  expect(errors).toBeUndefined()
  expect(data.me.accountUsers).toMatchObject([
    { id: inOpen.id, closed: null },
    { id: inClosed.id, closed: { reason: 'SSO_REQUIRED', ssoUrl: scene.startPath } },
  ])
  const account = await browser.caller.query('query ($id: ID!) { account(id: $id) { name } }', {
    id: open.id,
  })
  expect(account.data.account).toEqual({ name: 'Open Account' })
})

test('the client’s own documents, which one statement answers elsewhere, say and keep the same', async () => {
  const shell = await askForDocument(browser, 'Shell')
  expect(shell.errors).toBeUndefined()
  expect(shell.data.me.accountUsers).toMatchObject([
    { id: inOpen.id, closed: null },
    { id: inClosed.id, closed: { reason: 'SSO_REQUIRED', ssoUrl: scene.startPath } },
  ])

  const tokens = await askForDocument(browser, 'AccessTokens')
  expect(refusalOf(tokens)).toMatchObject(ssoRequired)
  expect(tokens.text).not.toContain(tokenId)
})

async function askForDocument({ caller }: CookieBrowser, name: string): Promise<Answer> {
  const manifest = await readFile(join(clientDirectory, 'trusted-documents.json'), 'utf8')
  const documents = JSON.parse(manifest) as Record<string, string>
  const [hash] = Object.entries(documents).find(([, text]) => text.includes(`query ${name} `)) ?? []
  return caller.send({ documentId: `sha256:${hash}`, variables: {} })
}

/** What everybody reads of a membership or an account, as a list of accounts to choose from needs it. */
const shown = new Set([
  'AccountUser.id',
  'AccountUser.account',
  'AccountUser.roles',
  'AccountUser.closed',
  'Account.id',
  'Account.name',
])

const kept = [...reads.entries()]
  .filter(({ type }) => type === 'AccountUser' || type === 'Account')
  .map(({ type, field }) => `${type}.${field}`)
  .filter((coordinate) => !shown.has(coordinate))

/** The field with the least that may be selected of it. */
function selectionOf(coordinate: string): string {
  const [typeName = '', fieldName = ''] = coordinate.split('.')
  const type = schema.getType(typeName)
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined
  return field && isObjectType(getNamedType(field.type)) ? `${fieldName} { __typename }` : fieldName
}

test.each(kept)('%s of the closed account is not read', async (coordinate) => {
  const selection = selectionOf(coordinate)
  const inMembership = coordinate.startsWith('Account.') ? `account { ${selection} }` : selection
  const answer = await browser.caller.query(`{ me { accountUsers { id ${inMembership} } } }`)
  expect(answer.errors?.map(({ extensions }) => extensions)).toContainEqual(ssoRequired)
})

test('the closed account itself is not read', async () => {
  const answer = await browser.caller.query('query ($id: ID!) { account(id: $id) { name } }', {
    id: closed.id,
  })
  expect(refusalOf(answer)).toEqual(ssoRequired)
})

/** What a value of a type alone could be; ids are those of the closed account. */
function fitting(type: GraphQLInputType, name: string): unknown {
  const inner = getNullableType(type)
  if (isListType(inner)) return []
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields()).filter((field) => isNonNullType(field.type))
    return Object.fromEntries(fields.map((field) => [field.name, fitting(field.type, field.name)]))
  }
  if (isEnumType(inner)) return inner.getValues()[0]?.name
  const byName: Record<string, string> = {
    accountId: closed.id,
    accountUserId: inClosed.id,
    ssoConnectionId: scene.connectionId,
    notificationRuleId: rule.id,
    type: 'TASK_ASSIGNED',
    path: '/inbox',
  }
  if (byName[name] !== undefined) return byName[name]
  return { ID: rule.id, String: 'Something', Int: 10, Boolean: true }[String(inner)]
}

/** Leaving an account takes none of what is in it. */
const allowed = new Set(['removeAccountUser'])

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args }) => {
  const input = getNullableType(args[0]?.type ?? null)
  if (!isInputObjectType(input) || allowed.has(name)) return []
  const ids = ['accountId', 'accountUserId'].filter((field) => field in input.getFields())
  return ids.map((id) => ({ name, id, input }))
})

test.each(mutations)('$name changes nothing of the closed account', async ({ name, id, input }) => {
  const recipients = { recipients: [user.username] }
  const given = {
    ...(fitting(input, '') as object),
    [id]: id === 'accountId' ? closed.id : inClosed.id,
    ...('recipients' in input.getFields() ? recipients : {}),
  }
  expect(refusalOf(await browser.mutate(name, given, '__typename'))).toEqual(ssoRequired)
})

test('what arrives in the closed account is neither shown nor counted, on the page and on a socket', async () => {
  const event = { type: 'TASK_ASSIGNED', recipients: [user.username], title: 'Kept', body: 'Kept' }
  const publisher = await browserOf(server, scene.administrator)
  const { errors } = await publisher.mutate('publishEvent', { ...event, accountId: closed.id }, 'notified')
  expect(errors).toBeUndefined()
  const { data } = await browser.caller.query(
    '{ me { notifications { totalCount nodes { title } } notificationBadge { unread accounts { accountId unread } } } }',
  )
  expect(data.me.notifications).toEqual({ totalCount: 0, nodes: [] })
  expect(data.me.notificationBadge.unread).toBe(0)
  const socket = server.socketWithCookie(browser.sessionKey ?? '')
  const badges = socket.iterate({ query: 'subscription { notificationBadge { unread } }' })
  expect((await badges.next()).value).toEqual({ data: { notificationBadge: { unread: 0 } } })
  await badges.return?.()
})

test('an object of the closed account is not read or changed by its id', async () => {
  const program = server.withToken(token)
  const { data } = await program.query('{ me { notifications { nodes { id } } } }')
  const notification = data.me.notifications.nodes[0].id
  const query = 'query ($id: ID!) { me { notification(id: $id) { title } } }'
  expect((await browser.caller.query(query, { id: notification })).data.me).toEqual({ notification: null })
  const marking = { ids: [notification], read: true }
  expect(refusalOf(await browser.mutate('setNotificationsRead', marking, '__typename'))).toMatchObject({
    code: 'NOT_FOUND',
  })
  const ending = { personalAccessTokenId: tokenId }
  expect(refusalOf(await browser.mutate('deletePersonalAccessToken', ending, 'removedId'))).toEqual(
    ssoRequired,
  )
})

test('a token that was made before goes on, in its account', async () => {
  const program = server.withToken(token)
  const account = await program.query('query ($id: ID!) { account(id: $id) { name } }', { id: closed.id })
  expect(account.data.account).toEqual({ name: closed.name })
  const { data } = await program.query('{ me { notifications { nodes { title } } } }')
  expect(data.me.notifications.nodes).toEqual([{ title: 'Kept' }])
})

test('who comes through the provider reaches it all', async () => {
  const own = await browserOf(server, user)
  await goThrough(own, provider, scene.startPath, { sub: 'who-reaches-it-all' })
  const { data, errors } = await own.caller.query(
    '{ me { notifications { nodes { title } } accountUsers { permissions closed { reason } } } }',
  )
  expect(errors).toBeUndefined()
  expect(data.me.notifications.nodes).toEqual([{ title: 'Kept' }])
})

test('enforcing it closes the sockets of members at once, and the account with the next request', async () => {
  const other = await enforceSso(server, provider, { enabled: false })
  const member = (await server.build.member({ account: other.account })).user
  const theirs = await browserOf(server, member)
  const socket = server.socketWithCookie(theirs.sessionKey ?? '')
  const hungUp = Promise.withResolvers<number>()
  socket.on('closed', (event) => hungUp.resolve((event as { code: number }).code))
  await socket.iterate({ query: 'subscription { notificationBadge { unread } }' }).next()
  const read = () =>
    theirs.caller.query('query ($id: ID!) { account(id: $id) { name } }', { id: other.account.id })
  expect((await read()).errors).toBeUndefined()

  await goThrough(other.browser, provider, `${other.startPath}?purpose=TEST`, { sub: 'tester' })
  const named = { accountId: other.account.id, ssoConnectionId: other.connectionId }
  await other.browser.mutate('enableSsoConnection', named, 'ssoConnection { id }')
  expect(await hungUp.promise).toBe(4401)
  expect(refusalOf(await read())).toMatchObject({ code: 'SSO_REQUIRED' })
  await other.browser.mutate('disableSsoConnection', named, 'ssoConnection { id }')
  expect((await read()).errors).toBeUndefined()
})

/** What the history and the mail of a person tell of it: the account, and how often. */
async function bypassesOf({ id }: User): Promise<{ written: string[]; mailed: number }> {
  const { rows: written } = await database.query<{ subject: string }>(
    `select subject from activity where user_id = $1 and action = 'SSO_BYPASSED'`,
    [id],
  )
  const { rows: mailed } = await database.query(
    `select 1 from delivery where user_id = $1 and message = 'SSO_BYPASSED'`,
    [id],
  )
  return { written: written.map(({ subject }) => subject), mailed: mailed.length }
}

const never = { written: [], mailed: 0 }
const once = { written: [closed.name], mailed: 1 }
const twice = { written: [closed.name, closed.name], mailed: 2 }
const reading = 'query ($id: ID!) { account(id: $id) { name } }'

test('an administrator comes with a password, which is written down, until they are none', async () => {
  const administrator = await server.build.user({ password })
  const { accountUser } = await server.build.member({
    user: administrator,
    account: closed,
    roles: ['admin'],
  })
  const own = new CookieBrowser(server)
  await own.mutate('signIn', { login: administrator.username, password }, 'status')
  expect(await bypassesOf(administrator)).toEqual(once)
  const read = () => own.caller.query(reading, { id: closed.id })
  expect((await read()).data.account).toEqual({ name: closed.name })
  const { data } = await own.caller.query('{ me { activity { nodes { action subject account { id } } } } }')
  expect(data.me.activity.nodes).toContainEqual({
    action: 'SSO_BYPASSED',
    subject: closed.name,
    account: { id: closed.id },
  })
  expect(await bypassesOf(administrator)).toEqual(once)

  await database.query('delete from account_user_role where account_user_id = $1', [accountUser.id])
  expect(refusalOf(await read())).toEqual(ssoRequired)
})

test('an administrator who is signed in when it is enabled goes on, which is written down once a session', async () => {
  const { administrator, account, browser: first } = await enforceSso(server, provider)
  // Whoever enables it is asked who they are before it is so.
  expect(await bypassesOf(administrator)).toEqual(never)
  const read = (from: CookieBrowser) => from.caller.query(reading, { id: account.id })
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => read(first)))
  expect(answers.map(({ data }) => data.account)).toEqual(answers.map(() => ({ name: account.name })))
  expect(await bypassesOf(administrator)).toEqual({ written: [account.name], mailed: 1 })

  await read(await browserOf(server, administrator))
  await read(first)
  expect(await bypassesOf(administrator)).toEqual({ written: [account.name, account.name], mailed: 2 })
})

test('a member who is made an administrator, or the owner, is written down with the next request', async () => {
  const { user: member, accountUser } = await server.build.member({ account: closed })
  const theirs = await browserOf(server, member)
  const read = () => theirs.caller.query(reading, { id: closed.id })
  expect(refusalOf(await read())).toEqual(ssoRequired)
  expect(await bypassesOf(member)).toEqual(never)
  await database.query(
    `insert into account_user_role (user_id, account_user_id, role_id)
      select $1, $2, id from role where name = 'Administrator'`,
    [member.id, accountUser.id],
  )
  expect((await read()).data.account).toEqual({ name: closed.name })
  expect(await bypassesOf(member)).toEqual(once)

  const { user: heir } = await server.build.member({ account: closed })
  const heirs = await browserOf(server, heir)
  await database.query('update account set owner_id = $1 where id = $2', [heir.id, closed.id])
  // Any page of theirs, as it says which accounts they reach.
  await heirs.caller.query('{ me { name } }')
  await database.query('update account set owner_id = $1 where id = $2', [closed.ownerId, closed.id])
  expect(await bypassesOf(heir)).toEqual(once)
})

test('on a socket and in the client’s own documents it is written down as well', async () => {
  const { user: onSocket } = await server.build.member({ account: closed, roles: ['admin'] })
  const { sessionKey = '' } = await browserOf(server, onSocket)
  const badges = server
    .socketWithCookie(sessionKey)
    .iterate({ query: 'subscription { notificationBadge { unread } }' })
  await badges.next()
  await badges.return?.()
  expect(await bypassesOf(onSocket)).toEqual(once)

  const { user: onPage } = await server.build.member({ account: closed, roles: ['admin'] })
  const page = await browserOf(server, onPage)
  const shell = await askForDocument(page, 'Shell')
  expect(shell.data.me.accountUsers).toMatchObject([{ closed: null }])
  expect(await bypassesOf(onPage)).toEqual(once)
  expect((await askForDocument(page, 'Shell')).text).toBe(shell.text)
  expect(await bypassesOf(onPage)).toEqual(once)
})

test('nothing is bypassed by who came through the provider, or reaches the account in no way', async () => {
  const { user: through } = await server.build.member({ account: closed, roles: ['admin'] })
  const theirs = new CookieBrowser(server)
  const linking = await browserOf(server, through)
  await goThrough(linking, provider, scene.startPath, { sub: 'an-administrator' })
  await database.query('delete from sso_bypass where user_id = $1', [through.id])
  const before = await bypassesOf(through)
  await goThrough(theirs, provider, scene.startPath, { sub: 'an-administrator' })
  expect((await theirs.caller.query(reading, { id: closed.id })).data.account).toEqual({
    name: closed.name,
  })
  expect(await bypassesOf(through)).toEqual(before)
  const { accountUser } = await server.build.member({ user: through, account: open })
  const { token: theirToken } = await server.build.token(accountUser)
  await server.withToken(theirToken).query('{ me { name } }')
  expect(await bypassesOf(through)).toEqual(before)

  const { user: without } = await server.build.member({ account: closed, roles: ['admin'] })
  await database.query('update account set require_two_factor = true where id = $1', [closed.id])
  const lacking = await browserOf(server, without)
  expect(refusalOf(await lacking.caller.query(reading, { id: closed.id }))).toMatchObject({
    code: 'TWO_FACTOR_REQUIRED',
  })
  expect(await bypassesOf(without)).toEqual(never)
  await database.query('update account set require_two_factor = false where id = $1', [closed.id])
  await lacking.caller.query(reading, { id: closed.id })
  expect(await bypassesOf(without)).toEqual(once)
})

test('a session of another account’s provider bypasses nothing until it is the person’s own', async () => {
  const other = await enforceSso(server, provider)
  const administrator = await server.build.user({ password })
  await server.build.member({ user: administrator, account: other.account })
  await server.build.member({ user: administrator, account: closed, roles: ['admin'] })
  const linking = await browserOf(server, administrator)
  await goThrough(linking, provider, other.startPath, { sub: 'of-two-accounts' })
  const before = await bypassesOf(administrator)

  const theirs = new CookieBrowser(server)
  await goThrough(theirs, provider, other.startPath, { sub: 'of-two-accounts' })
  const read = () => theirs.caller.query(reading, { id: closed.id })
  expect(refusalOf(await read())).toMatchObject({ code: 'STEP_UP_REQUIRED' })
  expect(await bypassesOf(administrator)).toEqual(before)
  await theirs.mutate('confirmStepUp', { password }, 'validUntil')
  expect(before).toEqual(once)
  expect(await bypassesOf(administrator)).toEqual(twice)
})

test('a provider that says nothing keeps nobody waiting for more than its time, and nobody else at all', async () => {
  const hanging = await enforceSso(server, slow)
  // What it said a while ago is asked again.
  clock.advanceSeconds(601)
  slow.fallSilent()
  const began = performance.now()
  const waiting = new CookieBrowser(server).follow(hanging.startPath)
  const others = Promise.all([
    new CookieBrowser(server).follow(scene.startPath),
    new CookieBrowser(server).mutate('signIn', { login: user.username, password }, 'status'),
  ]).then(() => performance.now() - began)

  expect(await waiting).toBe('/sign-in?sso=SSO_UNAVAILABLE')
  const seconds = (performance.now() - began) / 1000
  expect(seconds).toBeGreaterThan(4)
  expect(seconds).toBeLessThan(15)
  // They were answered while it was still awaited.
  expect(await others).toBeLessThan(seconds * 1000)

  const administrator = await browserOf(server, hanging.administrator)
  const query = 'query ($id: ID!) { account(id: $id) { name } }'
  const { data } = await administrator.caller.query(query, { id: hanging.account.id })
  expect(data.account).toEqual({ name: 'Sample Account' })
})
