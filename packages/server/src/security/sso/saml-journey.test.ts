import { inflateRawSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { CookieBrowser } from '../../../test/cookie-browser.ts'
import { SamlScene } from '../../../test/saml-scene.ts'
import { browserOf } from '../../../test/sso-scene.ts'
import { type SamlAnswer, SamlProvider } from '../../../test/stand-ins/saml-provider.ts'
import { SsoConnection } from './sso-connection.entity.ts'

const provider = await (await SamlProvider.create()).listen()
const scene = await SamlScene.open(provider)
const { server } = scene

/** What the browser brings to the provider. */
function requestIn(url: string): { id: string; forced: boolean; relayState: string } {
  const { searchParams } = new URL(url)
  const xml = inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
  return {
    id: / ID="([^"]+)"/.exec(xml)?.[1] ?? '',
    forced: xml.includes(' ForceAuthn="true"'),
    relayState: searchParams.get('RelayState') ?? '',
  }
}

/** From a path of ours to the provider, and back by its form, which brings no cookie. @returns the last page */
async function goThrough(
  browser: CookieBrowser,
  startPath: string,
  about: Partial<SamlAnswer>,
): Promise<Response> {
  const connectionId = /start\/([\w-]+)/.exec(startPath)?.[1] ?? ''
  const request = requestIn(await browser.follow(startPath))
  return come(browser, connectionId, { ...about, inResponseTo: request.id }, request.relayState)
}

/** As the provider sends somebody, asked or not. */
async function come(
  browser: CookieBrowser,
  connectionId: string,
  about: Partial<SamlAnswer>,
  relayState?: string,
): Promise<Response> {
  const connection = await server.orm.em.fork().findOneOrFail(SsoConnection, { id: connectionId })
  const response = provider.respond(scene.answer(connection, null, about))
  const posted = await scene.postAnswer(connection, response, relayState)
  browser.keep(posted.headers)
  return browser.get(posted.headers.get('location') ?? '')
}

/** An account whose members come through the provider: its connection was made, tested and enabled. */
async function enforce(given: Record<string, unknown> = {}) {
  const { user: administrator, account } = await server.build.member({ roles: ['admin'] })
  const browser = await browserOf(server, administrator)
  const input = {
    accountId: account.id,
    name: 'Sample provider',
    protocol: 'SAML',
    metadataUrl: `${provider.url}/metadata`,
    ...given,
  }
  const fields =
    'id testUrl issuer metadataUrl clientId redirectUri entityId logoutUrl certificates { subject expiresAt }'
  const created = await browser.mutate('createSsoConnection', input, `ssoConnection { ${fields} }`)
  expect(created.errors).toBeUndefined()
  const connection = created.data.createSsoConnection.ssoConnection
  const tested = await goThrough(browser, connection.testUrl, { nameId: `tester-${connection.id}` })
  const page = await tested.text()
  const enabled = await browser.mutate(
    'enableSsoConnection',
    { accountId: account.id, ssoConnectionId: connection.id },
    'ssoConnection { active }',
  )
  expect(enabled.errors).toBeUndefined()
  return { account, administrator, browser, connection, page, startPath: `/sso/start/${connection.id}` }
}

const whoAmI = '{ me { id name sessions { method current } accountUsers { closed { reason } } } }'

test('an administrator connects a provider, tries it and enables it, and somebody new comes through it', async () => {
  const { connection, page, startPath } = await enforce({ createJustInTime: true })
  const ours = `http://localhost:4000/sso/saml/${connection.id}`
  expect(connection).toMatchObject({
    issuer: provider.entityId,
    metadataUrl: `${provider.url}/metadata`,
    clientId: null,
    redirectUri: `${ours}/acs`,
    entityId: `${ours}/metadata`,
    logoutUrl: `${ours}/logout`,
    certificates: [{ subject: 'CN=idp.example.com', expiresAt: '2036-01-01T00:00:00.000Z' }],
  })
  expect(page).toContain('Test passed')
  expect(page).toContain(`tester-${connection.id}`)

  const browser = new CookieBrowser(server)
  const attributes = { email: 'nora.new@example.com', displayName: 'Nora New' }
  const end = await goThrough(browser, `${startPath}?next=/inbox`, { nameId: 'nora', attributes })
  expect([end.status, end.headers.get('location')]).toEqual([303, '/inbox'])
  const { data } = await browser.caller.query(whoAmI)
  expect(data.me).toMatchObject({
    name: 'Nora New',
    sessions: [{ method: 'SSO', current: true }],
    accountUsers: [{ closed: null }],
  })
  const again = new CookieBrowser(server)
  await goThrough(again, startPath, { nameId: 'nora' })
  expect((await again.caller.query('{ me { id } }')).data.me).toEqual({ id: data.me.id })
  const out = await again.caller.query('mutation { signOut { ssoLogoutUrl } }')
  expect(out.data.signOut.ssoLogoutUrl).toMatch(/^https:\/\/idp\.example\.com\/logout\?SAMLRequest=/)
})

test('why an answer was refused is told to the administrator who tries, and to nobody else', async () => {
  const { browser, connection, startPath } = await enforce()
  const wrong = { nameId: 'ada', audience: 'https://other.example.com/' }
  const tried = await goThrough(browser, connection.testUrl, wrong)
  const page = await tried.text()
  expect(page).toContain('Test failed')
  expect(page).toContain('it is meant for another audience')
  const refused = await goThrough(new CookieBrowser(server), startPath, wrong)
  expect(refused.headers.get('location')).toBe('/sign-in?sso=SSO_REFUSED')
})

test('a person proves anew who they are to the provider that they came through', async () => {
  const { startPath } = await enforce({ createJustInTime: true })
  const browser = new CookieBrowser(server)
  await goThrough(browser, startPath, { nameId: 'sam' })
  server.clock.advanceSeconds(3600)
  const again = `${startPath}?purpose=STEP_UP&next=/settings/security`
  expect(requestIn(await browser.follow(again)).forced).toBe(true)

  const stale = await goThrough(browser, again, {
    nameId: 'sam',
    authenticatedAt: new Date(server.clock.now().getTime() - 60_000),
  })
  expect(stale.headers.get('location')).toBe('/settings/security?sso=SSO_REFUSED')
  const other = await goThrough(browser, again, { nameId: 'tom' })
  expect(other.headers.get('location')).toBe('/settings/security?sso=SSO_OTHER_PERSON')
  const key = browser.sessionKey
  const proven = await goThrough(browser, again, { nameId: 'sam' })
  expect(proven.headers.get('location')).toBe('/settings/security')
  expect(browser.sessionKey).not.toBe(key)
  const { data } = await browser.caller.query('{ me { sessions { method } } }')
  expect(data.me.sessions).toEqual([{ method: 'SSO' }])
})

test('what nobody asked for signs in whom the connection knows, where it may, and links nobody', async () => {
  const { account, connection, startPath } = await enforce({
    allowIdpInitiated: true,
    createJustInTime: true,
  })
  await goThrough(new CookieBrowser(server), startPath, { nameId: 'una' })
  const browser = new CookieBrowser(server)
  const end = await come(browser, connection.id, { nameId: 'una' }, 'https://elsewhere.example.com/')
  expect([end.status, end.headers.get('location')]).toEqual([303, '/'])
  expect((await browser.caller.query(whoAmI)).data.me.sessions[0]).toEqual({ method: 'SSO', current: true })

  const user = await server.build.user({ email: 'max.member@example.com' })
  await server.build.member({ user, account })
  const member = await browserOf(server, user)
  const attributes = { email: 'max.member@example.com' }
  const refused = await come(member, connection.id, { nameId: 'max', attributes })
  expect(refused.headers.get('location')).toBe('/sign-in?sso=SSO_LINK_REQUIRED')
  const linked = await goThrough(member, startPath, { nameId: 'max', attributes })
  expect(linked.headers.get('location')).toBe('/')
  expect((await member.caller.query(whoAmI)).data.me.accountUsers).toEqual([{ closed: null }])
})

test('an answer that a provider gave to one account is worth nothing in another that trusts it as well', async () => {
  const [one, two] = [await enforce({ createJustInTime: true }), await enforce({ createJustInTime: true })]
  const browser = new CookieBrowser(server)
  const request = requestIn(await browser.follow(two.startPath))
  const em = server.orm.em.fork()
  const ofOne = await em.findOneOrFail(SsoConnection, { id: one.connection.id })
  const ofTwo = await em.findOneOrFail(SsoConnection, { id: two.connection.id })
  const saidToOne = provider.respond(scene.answer(ofOne, request.id, { nameId: 'eve' }))
  const posted = await scene.postAnswer(ofTwo, saidToOne, request.relayState)
  const end = await browser.get(posted.headers.get('location') ?? '')
  expect(end.headers.get('location')).toBe('/sign-in?sso=SSO_REFUSED')
  expect(browser.sessionKey).toBeUndefined()
})
