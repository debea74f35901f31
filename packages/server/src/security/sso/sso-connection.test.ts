import { Client } from 'pg'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { CookieBrowser } from '../../../test/cookie-browser.ts'
import { createTestServer, refusalOf } from '../../../test/server.ts'
import { browserOf, enforceSso, goThrough } from '../../../test/sso-scene.ts'
import { OidcProviderStandIn } from '../../../test/stand-ins/oidc-provider.ts'
import { TestClock } from '../../../test/test-clock.ts'
import { testSecretKeys } from '../../../test/secret-keys.ts'
import { SealingKeys } from '../../sealing-keys.ts'
import { bindingOfClientSecret } from './sso-connection.entity.ts'

const provider = await OidcProviderStandIn.listen()
const clock = new TestClock(new Date())
const server = await createTestServer({
  clock,
  environment: { ALLOWED_OUTBOUND_HOSTS: provider.host },
})
const database = new Client({ connectionString: server.databaseUrl })
await database.connect()
afterAll(async () => {
  await database.end()
  await provider[Symbol.asyncDispose]()
})
afterEach(() => provider.changeMetadata({}))

const typed = {
  name: 'Sample provider',
  protocol: 'OIDC',
  issuer: provider.issuer,
  clientId: provider.clientId,
  clientSecret: provider.clientSecret,
}

async function administrator() {
  const { user, account } = await server.build.member({ roles: ['admin'] })
  return { user, account, browser: await browserOf(server, user) }
}

async function create(browser: CookieBrowser, accountId: string, changes: object = {}) {
  return browser.mutate('createSsoConnection', { accountId, ...typed, ...changes }, 'ssoConnection { id }')
}

const readConnections = `query ($id: ID!) { account(id: $id) { ssoConnections {
  name protocol active testedAt createJustInTime allowIdpInitiated issuer clientId metadataUrl
  certificates { subject } testUrl redirectUri entityId logoutUrl } } }`

async function history(userId: string, action: string) {
  const { rows } = await database.query(
    'select subject, account_id, changes from activity where user_id = $1 and action = $2 order by id',
    [userId, action],
  )
  return rows
}

test('a new connection is shown with what the provider has to know, and never with its secret', async () => {
  const { account, browser, user } = await administrator()
  const created = await create(browser, account.id)
  const { id } = created.data.createSsoConnection.ssoConnection
  const { data } = await browser.caller.query(readConnections, { id: account.id })
  expect(data.account.ssoConnections).toEqual([
    {
      name: 'Sample provider',
      protocol: 'OIDC',
      active: false,
      testedAt: null,
      createJustInTime: false,
      allowIdpInitiated: false,
      issuer: provider.issuer,
      clientId: 'lanyard',
      metadataUrl: null,
      certificates: [],
      testUrl: `/sso/start/${id}?purpose=TEST`,
      redirectUri: 'http://localhost:4000/sso/oidc/callback',
      entityId: null,
      logoutUrl: null,
    },
  ])
  expect(await history(user.id, 'SSO_CONNECTION_CREATED')).toMatchObject([
    { subject: 'Sample provider', account_id: account.id },
  ])

  const { rows } = await database.query('select * from sso_connection where id = $1', [id])
  expect(JSON.stringify(rows[0])).not.toContain(provider.clientSecret)
  const sealing = new SealingKeys([testSecretKeys])
  expect(sealing.open(rows[0].client_secret, bindingOfClientSecret(id))).toBe(provider.clientSecret)
})

test.each([
  ['an address that nobody answers', { issuer: 'https://192.0.2.1' }],
  ['a host that the operator did not name', { issuer: 'http://127.0.0.1:9' }],
  ['a page below the provider that is no issuer', { issuer: `${provider.issuer}/elsewhere` }],
])('%s is no issuer', async (_what, changes) => {
  const { account, browser } = await administrator()
  const answer = await create(browser, account.id, changes)
  expect(refusalOf(answer)).toEqual({ code: 'SSO_SETTINGS_WRONG', field: 'issuer' })
})

test.each([
  ['calls itself otherwise', { issuer: 'https://id.example.com' }],
  ['signs with shared secrets only', { id_token_signing_alg_values_supported: ['HS256', 'none'] }],
  ['publishes no keys', { jwks_uri: undefined }],
  ['leads browsers to a script', { authorization_endpoint: 'javascript:alert(1)' }],
])('a provider that %s is not taken', async (_what, changes) => {
  const { account, browser } = await administrator()
  provider.changeMetadata(changes)
  const answer = await create(browser, account.id)
  expect(refusalOf(answer)).toEqual({ code: 'SSO_SETTINGS_WRONG', field: 'issuer' })
})

test.each([
  ['name', { name: ' ' }, 'EMPTY'],
  ['issuer', { issuer: null }, 'EMPTY'],
  ['issuer', { issuer: 'ftp://id.example.com' }, 'FORMAT'],
  ['clientId', { clientId: null }, 'EMPTY'],
  ['clientSecret', { clientSecret: null }, 'EMPTY'],
  ['metadataUrl', { metadataUrl: 'https://id.example.com/metadata' }, 'FORMAT'],
])('%s is checked: %j', async (field, changes, reason) => {
  const { account, browser } = await administrator()
  const answer = await create(browser, account.id, changes)
  expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field, reason })
})

test('only who manages the account sets up, sees or tries its connections', async () => {
  const { account, browser, connectionId } = await enforceSso(server, provider, { enabled: false })
  const { user } = await server.build.member({ account, roles: ['member'] })
  const member = await browserOf(server, user)
  const named = { accountId: account.id, ssoConnectionId: connectionId }
  const tries = [
    await create(member, account.id),
    await member.mutate('updateSsoConnection', { ...named, name: 'N' }, '__typename'),
    await member.mutate('deleteSsoConnection', named, '__typename'),
    await member.mutate('enableSsoConnection', named, '__typename'),
    await member.mutate('disableSsoConnection', named, '__typename'),
    await member.mutate('setSignInPolicy', { accountId: account.id, requireTwoFactor: true }, '__typename'),
    await member.caller.query(readConnections, { id: account.id }),
  ]
  expect(tries.map((answer) => refusalOf(answer)?.['code'])).toEqual(tries.map(() => 'FORBIDDEN'))
  const page = await member.get(`/sso/start/${connectionId}?purpose=TEST`)
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Test failed')])

  const policy = await member.caller.query(
    'query ($id: ID!) { account(id: $id) { requireTwoFactor signInName } }',
    { id: account.id },
  )
  expect(policy.data.account).toEqual({ requireTwoFactor: false, signInName: null })
  expect((await browser.caller.query(readConnections, { id: account.id })).errors).toBeUndefined()
})

test('each of it asks for a fresh proof of who one is', async () => {
  const { account, user } = await administrator()
  const browser = await browserOf(server, user)
  await database.query(
    `update session set proven_at = created_at - interval '11 minutes' where user_id = $1`,
    [user.id],
  )
  expect(refusalOf(await create(browser, account.id))).toEqual({ code: 'STEP_UP_REQUIRED' })
})

test('a connection is enabled once it was tested as it is, and one of an account at most is active', async () => {
  const { account, browser, connectionId } = await enforceSso(server, provider, { enabled: false })
  const enable = (ssoConnectionId: string) =>
    browser.mutate(
      'enableSsoConnection',
      { accountId: account.id, ssoConnectionId },
      'ssoConnection { active testedAt } account { ssoConnections { id active } }',
    )
  const testIt = (id: string) =>
    goThrough(browser, provider, `/sso/start/${id}?purpose=TEST`, { sub: 'tester' })
  expect(refusalOf(await enable(connectionId))).toEqual({ code: 'SSO_UNTESTED' })

  await testIt(connectionId)
  const change = { accountId: account.id, ssoConnectionId: connectionId, clientSecret: 'another-secret' }
  const changed = await browser.mutate('updateSsoConnection', change, 'ssoConnection { testedAt }')
  expect(changed.data.updateSsoConnection.ssoConnection.testedAt).toBeNull()
  expect(refusalOf(await enable(connectionId))).toEqual({ code: 'SSO_UNTESTED' })
  // With a secret that is not the provider's nothing comes back.
  expect(await (await testIt(connectionId)).text()).toContain(
    'it does not take the client id with this secret',
  )
  expect(refusalOf(await enable(connectionId))).toEqual({ code: 'SSO_UNTESTED' })

  await browser.mutate(
    'updateSsoConnection',
    { ...change, clientSecret: provider.clientSecret },
    'ssoConnection { id }',
  )
  await testIt(connectionId)
  expect((await enable(connectionId)).data.enableSsoConnection.ssoConnection.active).toBe(true)

  const second = (await create(browser, account.id, { name: 'Another' })).data.createSsoConnection
    .ssoConnection.id
  await testIt(second)
  const { data } = await enable(second)
  expect(data.enableSsoConnection.account.ssoConnections).toEqual([
    { id: second, active: true },
    { id: connectionId, active: false },
  ])
})

test('what a test tries stays as it is while members come through it; the rest may change', async () => {
  const { account, browser, connectionId } = await enforceSso(server, provider)
  const named = { accountId: account.id, ssoConnectionId: connectionId }
  const answer = await browser.mutate(
    'updateSsoConnection',
    { ...named, clientId: 'another' },
    'ssoConnection { id }',
  )
  expect(refusalOf(answer)).toEqual({ code: 'SSO_ACTIVE' })
  expect(refusalOf(await browser.mutate('deleteSsoConnection', named, 'removedId'))).toEqual({
    code: 'SSO_ACTIVE',
  })
  const renamed = await browser.mutate(
    'updateSsoConnection',
    { ...named, name: 'Renamed', createJustInTime: true },
    'ssoConnection { name createJustInTime active testedAt }',
  )
  expect(renamed.data.updateSsoConnection.ssoConnection).toEqual({
    name: 'Renamed',
    createJustInTime: true,
    active: true,
    testedAt: clock.now().toISOString(),
  })

  await browser.mutate('disableSsoConnection', named, 'ssoConnection { active }')
  const deleted = await browser.mutate(
    'deleteSsoConnection',
    named,
    'removedId account { ssoConnections { id } }',
  )
  expect(deleted.data.deleteSsoConnection).toEqual({
    removedId: connectionId,
    account: { ssoConnections: [] },
  })
})

test('a test tells in the words of the administrator what came back, and links nobody', async () => {
  const { user, account } = await server.build.member({ roles: ['admin'] })
  await database.query(`update "user" set language = 'DE' where id = $1`, [user.id])
  const browser = await browserOf(server, user)
  const { id } = (await create(browser, account.id)).data.createSsoConnection.ssoConnection
  const page = await goThrough(browser, provider, `/sso/start/${id}?purpose=TEST`, {
    sub: 'of-the-tester',
    email: 'tester@example.com',
    email_verified: true,
    name: '<b>Tess</b>',
  })
  const text = await page.text()
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  for (const part of [
    '<html lang="de">',
    'Prüfung bestanden',
    provider.issuer,
    'of-the-tester',
    'tester@example.com (vom Anbieter bestätigt)',
    '&lt;b&gt;Tess&lt;/b&gt;',
  ]) {
    expect(text).toContain(part)
  }
  const { rows } = await database.query('select 1 from sso_identity where account_id = $1', [account.id])
  expect(rows).toEqual([])
  expect(await history(user.id, 'SSO_CONNECTION_TESTED')).toHaveLength(1)
})

test('a test that began before a change counts for nothing', async () => {
  const { account, browser, connectionId } = await enforceSso(server, provider, { enabled: false })
  provider.person = { sub: 'tester' }
  const callback = await provider.visit(await browser.follow(`/sso/start/${connectionId}?purpose=TEST`))
  const change = { accountId: account.id, ssoConnectionId: connectionId, clientSecret: 'another-secret' }
  await browser.mutate('updateSsoConnection', change, 'ssoConnection { id }')
  expect(await (await browser.get(callback)).text()).toContain('Test failed')
  const { data } = await browser.caller.query(readConnections, { id: account.id })
  expect(data.account.ssoConnections).toMatchObject([{ testedAt: null }])
})

test('a name leads to the provider, and is one account’s', async () => {
  const first = await enforceSso(server, provider)
  const second = await administrator()
  const take = (browser: CookieBrowser, accountId: string, signInName: string | null) =>
    browser.mutate('setSignInPolicy', { accountId, signInName }, 'account { signInName }')

  const taken = await take(first.browser, first.account.id, ' Acme ')
  expect(taken.data.setSignInPolicy.account.signInName).toBe('acme')
  for (const path of ['/sso/acme', '/sso/ACME?next=/inbox']) {
    expect(await first.browser.follow(path)).toMatch(new RegExp(`^${provider.issuer}/auth\\?`))
  }
  expect(await first.browser.follow('/sso/no%20body')).toBe('/sign-in?sso=NOT_FOUND')
  expect(refusalOf(await take(second.browser, second.account.id, 'acme'))).toEqual({
    code: 'SIGN_IN_NAME_TAKEN',
    field: 'signInName',
  })
  for (const name of ['oidc', 'start']) {
    expect(refusalOf(await take(second.browser, second.account.id, name))?.['code']).toBe(
      'SIGN_IN_NAME_TAKEN',
    )
  }
  for (const name of ['-acme', 'a/b', 'x'.repeat(41)]) {
    expect(refusalOf(await take(second.browser, second.account.id, name))?.['code']).toBe('BAD_USER_INPUT')
  }

  await take(first.browser, first.account.id, null)
  expect((await take(second.browser, second.account.id, 'acme')).errors).toBeUndefined()
  expect(await history(first.administrator.id, 'SIGN_IN_POLICY_SET')).toMatchObject([
    { changes: [{ field: 'signInName', before: null, after: 'acme' }] },
    { changes: [{ field: 'signInName', before: 'acme', after: null }] },
  ])
})

test('an account that asks for two factors is closed to members who have one', async () => {
  const { account, browser } = await administrator()
  const { user } = await server.build.member({ account })
  const member = await browserOf(server, user)
  const read = () =>
    member.caller.query('query ($id: ID!) { account(id: $id) { name } }', { id: account.id })
  expect((await read()).errors).toBeUndefined()
  const input = { accountId: account.id, requireTwoFactor: true }
  await browser.mutate('setSignInPolicy', input, '__typename')
  expect(refusalOf(await read())).toMatchObject({ code: 'TWO_FACTOR_REQUIRED' })
})
