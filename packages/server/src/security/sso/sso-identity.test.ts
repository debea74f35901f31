import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { CookieBrowser } from '../../../test/cookie-browser.ts'
import { QueuedMessages } from '../../../test/queued-messages.ts'
import { createTestServer, refusalOf } from '../../../test/server.ts'
import { browserOf, enforceSso, goThrough } from '../../../test/sso-scene.ts'
import { OidcProviderStandIn, withClaims } from '../../../test/stand-ins/oidc-provider.ts'
import { TestClock } from '../../../test/test-clock.ts'

const queued = new QueuedMessages()
const provider = await OidcProviderStandIn.listen({ claimsInIdToken: false })
const clock = new TestClock(new Date())
const server = await createTestServer({
  clock,
  environment: { ALLOWED_OUTBOUND_HOSTS: provider.host, ROLE: 'api' },
})
const database = new Client({ connectionString: server.databaseUrl })
await database.connect()
afterAll(async () => {
  await database.end()
  await provider[Symbol.asyncDispose]()
})

const scene = await enforceSso(server, provider)
const open = await enforceSso(server, provider, { createJustInTime: true })
const { account } = scene
const password = 'a long sentence about harbours'

let count = 0
const newSubject = () => `subject-${++count}`

async function people(): Promise<number> {
  const { rows } = await database.query('select count(*)::int as count from "user"')
  return rows[0].count
}

async function identitiesOf(userId: string) {
  const { rows } = await database.query(
    'select account_id, subject from sso_identity where user_id = $1 order by linked_at',
    [userId],
  )
  return rows
}

async function actionsOf(userId: string): Promise<string[]> {
  const { rows } = await database.query('select action from activity where user_id = $1 order by id', [
    userId,
  ])
  return rows.map(({ action }) => action)
}

const refused = (code: string) => `/sign-in?sso=${code}`
const whoAmI = '{ me { id sessions { method current } accountUsers { closed { reason ssoUrl } } } }'

/** A member of the account who has a password and nothing else. */
async function memberWithPassword(given: Parameters<typeof server.build.user>[0] = {}) {
  const user = await server.build.user({ password, ...given })
  await server.build.member({ user, account })
  return user
}

test('a member whose only account has single sign-on links their identity with their password, and is mailed', async () => {
  const user = await memberWithPassword()
  const browser = new CookieBrowser(server)
  const input = { login: user.username, password, rememberMe: true }
  const answer = await browser.mutate('signIn', input, 'status ssoUrl me { id }')
  expect(answer.data.signIn).toEqual({ status: 'SSO_REQUIRED', ssoUrl: scene.startPath, me: null })
  expect(browser.sessionKey).toBeUndefined()

  const sub = newSubject()
  const response = await goThrough(browser, provider, scene.startPath, { sub })
  expect(response.headers.get('location')).toBe('/')
  expect((await browser.caller.query(whoAmI)).data.me).toMatchObject({
    id: user.id,
    sessions: [{ method: 'SSO', current: true }],
    accountUsers: [{ closed: null }],
  })
  // As they asked for with the password.
  expect(response.headers.get('set-cookie')).toMatch(/lanyard-4000=[\w-]{43};.* Expires=/)
  expect(await identitiesOf(user.id)).toEqual([{ account_id: account.id, subject: sub }])
  expect(await actionsOf(user.id)).toEqual(['SSO_LINKED', 'SIGNED_IN'])
  expect(queued.recipientsOf('SSO_LINKED', user.id)).toHaveLength(1)

  // From now on the provider is enough.
  const another = new CookieBrowser(server)
  await goThrough(another, provider, scene.startPath, { sub })
  expect((await another.caller.query('{ me { id } }')).data.me).toEqual({ id: user.id })
})

test('who is signed in reaches one account more in the same session, under a new cookie', async () => {
  const user = await memberWithPassword()
  await server.build.member({ user })
  const browser = await browserOf(server, user)
  const earlier = browser.sessionKey
  const before = (await browser.caller.query(whoAmI)).data.me
  expect(before.accountUsers).toContainEqual({
    closed: { reason: 'SSO_REQUIRED', ssoUrl: scene.startPath },
  })

  await goThrough(browser, provider, `${scene.startPath}?next=/inbox`, { sub: newSubject() })
  const { data } = await browser.caller.query(whoAmI)
  expect(data.me.sessions).toEqual(before.sessions)
  expect(data.me.accountUsers).toEqual([{ closed: null }, { closed: null }])
  expect(browser.sessionKey).not.toBe(earlier)
  expect((await server.withCookie(earlier ?? '').query('{ me { id } }')).data).toEqual({ me: null })
})

test('a member the provider knows by email is asked to sign in otherwise once, and is not taken over', async () => {
  const user = await memberWithPassword({ email: 'mara.member@example.com' })
  const browser = new CookieBrowser(server)
  const person = { sub: newSubject(), email: 'Mara.Member@example.com', email_verified: true }
  const response = await goThrough(browser, provider, scene.startPath, person)
  expect(response.headers.get('location')).toBe(refused('SSO_LINK_REQUIRED'))
  expect(browser.sessionKey).toBeUndefined()
  expect(await identitiesOf(user.id)).toEqual([])
})

test('a person of another account whose email a provider names is not let in, and is mailed once a day', async () => {
  const user = await server.build.user({ email: 'olga.other@example.com' })
  await server.build.member({ user })
  const before = await people()
  for (const startPath of [scene.startPath, open.startPath]) {
    const browser = new CookieBrowser(server)
    const person = { sub: newSubject(), email: 'olga.other@example.com', email_verified: true }
    const response = await goThrough(browser, provider, startPath, person)
    expect(response.headers.get('location')).toBe(refused('SSO_NO_ACCESS'))
    expect(browser.sessionKey).toBeUndefined()
  }
  expect(await people()).toBe(before)
  expect(await identitiesOf(user.id)).toEqual([])
  expect(queued.recipientsOf('SSO_STRANGER', user.id)).toEqual(['olga.other@example.com'])
})

test("an identity of one account's provider is nobody in another account, even of the same provider", async () => {
  const sub = newSubject()
  const user = await memberWithPassword()
  await goThrough(await browserOf(server, user), provider, scene.startPath, { sub })
  const second = await enforceSso(server, provider)
  const browser = new CookieBrowser(server)
  const response = await goThrough(browser, provider, second.startPath, { sub })
  expect(response.headers.get('location')).toBe(refused('SSO_NO_ACCESS'))
})

test('nobody is made where that is not asked for', async () => {
  const before = await people()
  const browser = new CookieBrowser(server)
  const person = { sub: newSubject(), email: 'nils.new@example.com', email_verified: true }
  const response = await goThrough(browser, provider, scene.startPath, person)
  expect(response.headers.get('location')).toBe(refused('SSO_NO_ACCESS'))
  expect(await people()).toBe(before)
})

test('who is made has the usual preferences and no password, and proves the email themselves', async () => {
  const browser = new CookieBrowser(server)
  const person = {
    sub: newSubject(),
    email: 'Nina.New+work@example.com',
    email_verified: true,
    name: 'Nina New',
  }
  await goThrough(browser, provider, open.startPath, person)
  const { data } = await browser.caller.query(
    `{ me { id name publicName username rowsPerPage
        emails { address verifiedAt primary } accountUsers { account { id } roles { name } } } }`,
  )
  const { id, ...me } = data.me
  expect(me).toEqual({
    name: 'Nina New',
    publicName: 'Nina New',
    username: 'nina.newwork',
    rowsPerPage: 25,
    emails: [{ address: 'Nina.New+work@example.com', verifiedAt: null, primary: false }],
    accountUsers: [{ account: { id: open.account.id }, roles: [{ name: 'Member' }] }],
  })
  expect(await actionsOf(id)).toEqual(['USER_CREATED', 'ACCOUNT_JOINED', 'SIGNED_IN', 'EMAIL_ADDED'])
  expect(queued.codeTo('Nina.New+work@example.com')).toMatch(/^\d{6}$/)
  const { rows } = await database.query('select 1 from password where user_id = $1', [id])
  expect(rows).toEqual([])
})

test('two people of one name get two usernames, and one person in two tabs is one', async () => {
  const two = [new CookieBrowser(server), new CookieBrowser(server)]
  const named = (domain: string) => ({
    sub: newSubject(),
    email: `same@${domain}.example.com`,
    email_verified: true,
  })
  const usernames: string[] = []
  for (const [index, browser] of two.entries()) {
    await goThrough(browser, provider, open.startPath, named(`d${index}`))
    usernames.push((await browser.caller.query('{ me { username } }')).data.me.username)
  }
  expect(usernames).toEqual(['same', expect.stringMatching(/^same\d{2,5}$/)])

  const tabs = Array.from({ length: 10 }, () => new CookieBrowser(server))
  provider.person = { sub: newSubject() }
  const callbacks = await Promise.all(
    tabs.map(async (tab) => provider.visit(await tab.follow(open.startPath))),
  )
  await Promise.all(tabs.map((tab, index) => tab.get(callbacks[index] ?? '')))
  const ids = await Promise.all(
    tabs.map(async (tab) => (await tab.caller.query('{ me { id } }')).data.me.id),
  )
  expect(new Set(ids).size).toBe(1)
})

test('a name that would turn a line around, or is no name, is left out', async () => {
  for (const name of ['\u202Eevil', '   ', 'x'.repeat(101)]) {
    const browser = new CookieBrowser(server)
    await goThrough(browser, provider, open.startPath, { sub: `odd-${++count}`, name })
    expect((await browser.caller.query('{ me { name } }')).data.me.name).toBe(`odd-${count}`)
  }
})

test("a colleague's session at the provider is not linked to whoever sits before it", async () => {
  await memberWithPassword({ email: 'cora.colleague@example.com' })
  const user = await memberWithPassword()
  const browser = await browserOf(server, user)
  const colleague = { sub: newSubject(), email: 'cora.colleague@example.com', email_verified: true }
  const response = await goThrough(browser, provider, scene.startPath, colleague)
  expect(response.headers.get('location')).toBe(refused('SSO_OTHER_PERSON'))
  expect(await identitiesOf(user.id)).toEqual([])
})

test('a person has one identity of a provider; one made anew there follows their own proven email', async () => {
  const user = await memberWithPassword({ email: 'rita.renewed@example.com' })
  const browser = await browserOf(server, user)
  await goThrough(browser, provider, scene.startPath, { sub: newSubject() })

  const unknown = await goThrough(browser, provider, scene.startPath, { sub: newSubject() })
  expect(unknown.headers.get('location')).toBe(refused('SSO_OTHER_PERSON'))
  const sub = newSubject()
  const renewed = { sub, email: 'rita.renewed@example.com', email_verified: true }
  expect((await goThrough(browser, provider, scene.startPath, renewed)).headers.get('location')).toBe('/')
  expect(await identitiesOf(user.id)).toEqual([{ account_id: account.id, subject: sub }])
})

test('who was taken out of the account is not let back in, nor is a disabled person', async () => {
  const arrive = async (sub: string) => {
    const browser = new CookieBrowser(server)
    const response = await goThrough(browser, provider, open.startPath, { sub })
    return [response.headers.get('location'), browser.sessionKey !== undefined]
  }
  const [removed, disabled] = [newSubject(), newSubject()]
  for (const sub of [removed, disabled]) expect(await arrive(sub)).toEqual(['/', true])
  const before = await people()

  const { rows } = await database.query(
    `select m.id from account_user m join sso_identity i on i.user_id = m.user_id and i.account_id = m.account_id
      where i.subject = $1`,
    [removed],
  )
  const answer = await open.browser.mutate('removeAccountUser', { accountUserId: rows[0].id }, 'removedId')
  expect(answer.errors).toBeUndefined()
  await database.query(
    'update "user" set disabled_at = now() where id = (select user_id from sso_identity where subject = $1)',
    [disabled],
  )
  for (const sub of [removed, disabled])
    expect(await arrive(sub)).toEqual([refused('SSO_NO_ACCESS'), false])
  expect(await people()).toBe(before)
})

test('the provider proves anew who one is, for a session that came through it', async () => {
  const user = await memberWithPassword()
  const browser = await browserOf(server, user)
  const sub = newSubject()
  const stepUpPath = `${scene.startPath}?purpose=STEP_UP&next=/settings/tokens`
  expect(await browser.follow(stepUpPath)).toBe('/settings/security?sso=NOT_FOUND')
  await goThrough(browser, provider, scene.startPath, { sub })
  await database.query(`update session set proven_at = created_at - interval '1 hour' where user_id = $1`, [
    user.id,
  ])
  const isProven = async () => {
    const answer = await browser.mutate('setSignInPolicy', { accountId: account.id }, '__typename')
    return refusalOf(answer)?.['code'] !== 'STEP_UP_REQUIRED'
  }
  expect(await isProven()).toBe(false)

  const url = new URL(await browser.follow(stepUpPath))
  expect([url.searchParams.get('prompt'), url.searchParams.get('max_age')]).toEqual(['login', '0'])
  // Another person, who is at the provider by now.
  provider.person = { sub: newSubject() }
  expect(await browser.follow(await provider.visit(url.href))).toBe(
    '/settings/security?sso=SSO_OTHER_PERSON',
  )
  expect(await isProven()).toBe(false)

  const earlier = browser.sessionKey
  const response = await goThrough(browser, provider, stepUpPath, { sub })
  expect(response.headers.get('location')).toBe('/settings/tokens')
  expect(await isProven()).toBe(true)
  expect(browser.sessionKey).not.toBe(earlier)
})

test('a proof that the provider only remembers is not a proof anew', async () => {
  const user = await memberWithPassword()
  const browser = await browserOf(server, user)
  const sub = newSubject()
  await goThrough(browser, provider, scene.startPath, { sub })
  for (const auth_time of [undefined, Math.floor(clock.now().getTime() / 1000) - 60]) {
    provider.mutateIdTokens(withClaims({ auth_time }))
    const response = await goThrough(browser, provider, `${scene.startPath}?purpose=STEP_UP`, { sub })
    expect(response.headers.get('location')).toBe('/settings/security?sso=SSO_REFUSED')
  }
  provider.mutateIdTokens(undefined)
})

test.each(['https://evil.example.com', '//evil.example.com', '/\\evil.example.com', 'inbox'])(
  'nobody is led to %s afterwards',
  async (next) => {
    const browser = new CookieBrowser(server)
    const path = `${open.startPath}?next=${encodeURIComponent(next)}`
    const response = await goThrough(browser, provider, path, { sub: newSubject() })
    expect(response.headers.get('location')).toBe('/')
  },
)
