import type { Account } from '../src/accounts/account.entity.ts'
import type { User } from '../src/users/user.entity.ts'
import { CookieBrowser } from './cookie-browser.ts'
import { refusalOf, type TestServer } from './server.ts'
import type { OidcProviderStandIn, ProvidersPerson } from './stand-ins/oidc-provider.ts'

/** An account with an administrator, and a connection to a provider. */
export interface SsoScene {
  account: Account
  administrator: User
  /** The administrator's. */
  browser: CookieBrowser
  connectionId: string
  startPath: string
}

/** A browser in which the person is signed in, with a password as far as anybody knows. */
export async function browserOf(server: TestServer, user: User): Promise<CookieBrowser> {
  return new CookieBrowser(server, (await server.build.session(user)).key)
}

/** Makes an account whose members come through the provider, as an administrator would: created, tested, enabled. */
export async function enforceSso(
  server: TestServer,
  provider: OidcProviderStandIn,
  given: { account?: Account; createJustInTime?: boolean; enabled?: boolean } = {},
): Promise<SsoScene> {
  const { createJustInTime = false, enabled = true } = given
  const { user: administrator, account } = await server.build.member({
    roles: ['admin'],
    ...(given.account ? { account: given.account } : {}),
  })
  const browser = await browserOf(server, administrator)
  const created = await browser.mutate(
    'createSsoConnection',
    {
      accountId: account.id,
      name: 'Sample provider',
      protocol: 'OIDC',
      issuer: provider.issuer,
      clientId: provider.clientId,
      clientSecret: provider.clientSecret,
      createJustInTime,
    },
    'ssoConnection { id testUrl }',
  )
  if (created.errors) throw new Error(JSON.stringify(refusalOf(created)))
  const { id: connectionId, testUrl } = created.data.createSsoConnection.ssoConnection
  const scene = { account, administrator, browser, connectionId, startPath: `/sso/start/${connectionId}` }
  if (enabled) {
    provider.person = { sub: `tester-${connectionId}` }
    await goThrough(browser, provider, testUrl)
    const input = { accountId: account.id, ssoConnectionId: connectionId }
    const answer = await browser.mutate('enableSsoConnection', input, 'ssoConnection { active }')
    if (answer.errors) throw new Error(JSON.stringify(refusalOf(answer)))
  }
  return scene
}

/** From a path of ours to the provider and back. @returns what the callback answers */
export async function goThrough(
  browser: CookieBrowser,
  provider: OidcProviderStandIn,
  startPath: string,
  person?: ProvidersPerson,
): Promise<Response> {
  if (person) provider.person = person
  return browser.get(await provider.visit(await browser.follow(startPath)))
}
