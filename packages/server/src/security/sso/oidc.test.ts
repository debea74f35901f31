import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

import { Client } from 'pg'
import { decodeJwt, generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, expect, test } from 'vitest'
import { CookieBrowser } from '../../../test/cookie-browser.ts'
import { createTestServer } from '../../../test/server.ts'
import { enforceSso, goThrough } from '../../../test/sso-scene.ts'
import {
  OidcProviderStandIn,
  type ProvidersPerson,
  signWith,
  withClaims,
  withHeader,
} from '../../../test/stand-ins/oidc-provider.ts'
import { TestClock } from '../../../test/test-clock.ts'

const provider = await OidcProviderStandIn.listen()
const elsewhere = await OidcProviderStandIn.listen()
// The provider's clock is that of this machine.
const server = await createTestServer({
  clock: new TestClock(new Date()),
  environment: { ALLOWED_OUTBOUND_HOSTS: `${provider.host},${elsewhere.host}` },
})
const database = new Client({ connectionString: server.databaseUrl })
await database.connect()
afterAll(async () => {
  await database.end()
  await provider[Symbol.asyncDispose]()
  await elsewhere[Symbol.asyncDispose]()
})
afterEach(() => {
  provider.mutateIdTokens(undefined)
  provider.changeMetadata({})
})

/** Everybody whom the provider vouches for is made: whatever is let through shows. */
const scene = await enforceSso(server, provider, { createJustInTime: true })
const other = await enforceSso(server, elsewhere, { createJustInTime: true })

let count = 0
function newcomer(): Required<ProvidersPerson> {
  const sub = `newcomer-${++count}`
  return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Nora Newcomer' }
}

async function identities(): Promise<number> {
  const { rows } = await database.query('select count(*)::int as count from sso_identity')
  return rows[0].count
}

/** What a browser is told, and what it holds afterwards. */
async function outcome(browser: CookieBrowser, response: Response) {
  return { to: response.headers.get('location'), isSignedIn: browser.sessionKey !== undefined }
}

function refusedWith(code: string) {
  return { to: `/sign-in?sso=${code}`, isSignedIn: false }
}

test('a good answer signs the person in, made as the provider calls them', async () => {
  const browser = new CookieBrowser(server)
  const response = await goThrough(browser, provider, scene.startPath, newcomer())
  expect(await outcome(browser, response)).toEqual({ to: '/', isSignedIn: true })
  const { data } = await browser.caller.query(
    '{ me { name username sessions { method } accountUsers { account { id name } closed { reason } roles { name } } } }',
  )
  expect(data.me).toEqual({
    name: 'Nora Newcomer',
    username: 'newcomer-1',
    sessions: [{ method: 'SSO' }],
    accountUsers: [
      {
        account: { id: scene.account.id, name: 'Sample Account' },
        closed: null,
        roles: [{ name: 'Member' }],
      },
    ],
  })
})

test('the provider is asked with PKCE, a state and a nonce, and led to the one redirect URI', async () => {
  const browser = new CookieBrowser(server)
  const url = new URL(await browser.follow(`${scene.startPath}?next=/inbox`))
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: 'lanyard',
    response_type: 'code',
    scope: 'openid profile email',
    redirect_uri: 'http://localhost:4000/sso/oidc/callback',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  })
  provider.person = newcomer()
  expect(await browser.follow(await provider.visit(url.href))).toBe('/inbox')
})

const { privateKey: strangeKey } = await generateKeyPair('RS256')
const secretKey = new TextEncoder().encode(provider.clientSecret)
const past = Math.floor(Date.now() / 1000) - 3600

const badTokens: Record<string, Parameters<OidcProviderStandIn['mutateIdTokens']>[0]> = {
  'another nonce': withClaims({ nonce: 'of-another-request' }),
  'no nonce': withClaims({ nonce: undefined }),
  'another audience': withClaims({ aud: 'another-client' }),
  'a second audience': withClaims({ aud: [provider.clientId, 'another-client'] }),
  'another authorized party': withClaims({ azp: 'another-client' }),
  'another issuer': withClaims({ iss: elsewhere.issuer }),
  "another tenant's issuer": withClaims({ iss: `${provider.issuer}/another-tenant` }),
  'no subject': withClaims({ sub: undefined }),
  'an empty subject': withClaims({ sub: '' }),
  'a subject without end': withClaims({ sub: 'x'.repeat(501) }),
  'an end that is over': withClaims({ iat: past - 60, exp: past }),
  'no end': withClaims({ exp: undefined }),
  'a beginning that is to come': withClaims({ nbf: past + 7200 }),
  'the algorithm none': ({ idToken }) => withHeader(idToken, { alg: 'none' }),
  'no signature': ({ idToken }) => withHeader(idToken, {}),
  'the signature of a key that is not published': ({ idToken }) => signWith(strangeKey, decodeJwt(idToken)),
  'a signature made with our own secret': ({ idToken }) =>
    new SignJWT(decodeJwt(idToken)).setProtectedHeader({ alg: 'HS256' }).sign(secretKey),
  'a key that it brings along': async ({ idToken }) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk = await crypto.subtle.exportKey('jwk', publicKey)
    return new SignJWT(decodeJwt(idToken)).setProtectedHeader({ alg: 'RS256', jwk }).sign(privateKey)
  },
}

test.each(Object.keys(badTokens))('an ID token with %s is refused', async (what) => {
  const before = await identities()
  provider.mutateIdTokens(badTokens[what])
  const browser = new CookieBrowser(server)
  const response = await goThrough(browser, provider, scene.startPath, newcomer())
  expect(await outcome(browser, response)).toEqual(refusedWith('SSO_REFUSED'))
  expect(await identities()).toBe(before)
})

test('an email that the provider has not proven makes nobody', async () => {
  const before = await identities()
  const browser = new CookieBrowser(server)
  const person = { ...newcomer(), email_verified: false }
  const response = await goThrough(browser, provider, scene.startPath, person)
  expect(await outcome(browser, response)).toEqual(refusedWith('SSO_NO_ACCESS'))
  expect(await identities()).toBe(before)
})

test('a code that was used is refused, with its own state and with another', async () => {
  const browser = new CookieBrowser(server)
  provider.person = newcomer()
  const callback = await provider.visit(await browser.follow(scene.startPath))
  await browser.get(callback)

  const again = new CookieBrowser(server)
  expect(await again.follow(callback)).toBe('/sign-in?sso=SIGN_IN_EXPIRED')
  const state = new URL(await again.follow(scene.startPath)).searchParams.get('state') ?? ''
  callback.searchParams.set('state', state)
  expect(await outcome(again, await again.get(callback))).toEqual(refusedWith('SSO_REFUSED'))
})

test('a callback without a state, or with two, is refused', async () => {
  const browser = new CookieBrowser(server)
  provider.person = newcomer()
  const callback = await provider.visit(await browser.follow(scene.startPath))
  const [without, twice] = [new URL(callback), new URL(callback)]
  without.searchParams.delete('state')
  twice.searchParams.append('state', 'x')
  for (const url of [without, twice]) {
    expect(await outcome(browser, await browser.get(url))).toEqual({
      to: '/sign-in?sso=SIGN_IN_EXPIRED',
      isSignedIn: false,
    })
  }
})

test("the state of another of the browser's requests does not fit the code", async () => {
  const browser = new CookieBrowser(server)
  provider.person = newcomer()
  const first = await provider.visit(await browser.follow(scene.startPath))
  const second = new URL(await browser.follow(scene.startPath))
  first.searchParams.set('state', second.searchParams.get('state') ?? '')
  expect(await outcome(browser, await browser.get(first))).toEqual(refusedWith('SSO_REFUSED'))
})

test('an answer that says it is of another issuer is refused: a mix-up', async () => {
  const browser = new CookieBrowser(server)
  provider.person = newcomer()
  const callback = await provider.visit(await browser.follow(scene.startPath))
  expect(callback.searchParams.get('iss')).toBe(provider.issuer)
  callback.searchParams.set('iss', elsewhere.issuer)
  expect(await outcome(browser, await browser.get(callback))).toEqual(refusedWith('SSO_REFUSED'))
})

test("another account's provider is not asked about a code of ours, nor its code taken by ours", async () => {
  const browser = new CookieBrowser(server)
  elsewhere.person = newcomer()
  const ofOther = await elsewhere.visit(await browser.follow(other.startPath))
  const ours = new URL(await browser.follow(scene.startPath))
  ofOther.searchParams.set('state', ours.searchParams.get('state') ?? '')
  expect(await outcome(browser, await browser.get(ofOther))).toEqual(refusedWith('SSO_REFUSED'))
})

test('a callback of one browser opened in another signs nobody in, and is left to the one', async () => {
  const [attacker, victim] = [new CookieBrowser(server), new CookieBrowser(server)]
  await victim.follow(scene.startPath)
  provider.person = newcomer()
  const callback = await provider.visit(await attacker.follow(scene.startPath))
  expect(await outcome(victim, await victim.get(callback))).toEqual({
    to: '/sign-in?sso=SIGN_IN_EXPIRED',
    isSignedIn: false,
  })
  expect(await attacker.follow(callback)).toBe('/')
})

test('of fifty callbacks at once with one state, one signs in', async () => {
  const browser = new CookieBrowser(server)
  provider.person = newcomer()
  const callback = await provider.visit(await browser.follow(scene.startPath))
  const tries = Array.from({ length: 50 }, () => browser.get(callback))
  const led = (await Promise.all(tries)).map(({ headers }) => headers.get('location'))
  expect(led.filter((to) => to === '/')).toHaveLength(1)
  expect(led.filter((to) => to === '/sign-in?sso=SIGN_IN_EXPIRED')).toHaveLength(49)
})

test('a person who takes more than ten minutes begins again', async () => {
  const browser = new CookieBrowser(server)
  provider.person = newcomer()
  const callback = await provider.visit(await browser.follow(scene.startPath))
  await database.query("update sso_request set expires_at = expires_at - interval '10 minutes'")
  expect(await browser.follow(callback)).toBe('/sign-in?sso=SIGN_IN_EXPIRED')
})

test.each(['token_endpoint', 'jwks_uri', 'userinfo_endpoint'])(
  'a %s on a host that the operator did not name is not called',
  async (endpoint) => {
    const canary = createServer()
    let connections = 0
    canary.on('connection', () => connections++).listen(0, '127.0.0.1')
    await once(canary, 'listening')
    const { port } = canary.address() as AddressInfo
    try {
      // What it said before is remembered for ten minutes.
      server.clock.advanceSeconds(601)
      provider.changeMetadata({ [endpoint]: `http://127.0.0.1:${port}/` })
      const browser = new CookieBrowser(server)
      // The name is asked for at the userinfo endpoint, as the token has none.
      const { name: _name, ...person } = newcomer()
      const response = await goThrough(browser, provider, scene.startPath, person)
      expect(await outcome(browser, response)).toEqual(refusedWith('SSO_UNAVAILABLE'))
      expect(connections).toBe(0)
    } finally {
      canary.close()
    }
  },
)

test('signing out leads to where the provider signs people out, if it says where', async () => {
  const signOut = 'mutation { signOut { ssoLogoutUrl } }'
  const browser = new CookieBrowser(server)
  await goThrough(browser, provider, scene.startPath, newcomer())
  expect((await browser.caller.query(signOut)).data.signOut).toEqual({
    ssoLogoutUrl: `${provider.issuer}/session/end?client_id=${provider.clientId}`,
  })

  provider.changeMetadata({ end_session_endpoint: 'javascript:alert(1)' })
  const { connectionId } = await enforceSso(server, provider, { enabled: false })
  const { rows } = await database.query('select settings from sso_connection where id = $1', [connectionId])
  expect(rows[0].settings).toMatchObject({ issuer: provider.issuer, logoutUrl: null })
})

test('who says no at the provider is told so', async () => {
  const browser = new CookieBrowser(server)
  const state = new URL(await browser.follow(scene.startPath)).searchParams.get('state') ?? ''
  const query = new URLSearchParams({ state, error: 'access_denied', iss: provider.issuer })
  const response = await browser.get(`/sso/oidc/callback?${query.toString()}`)
  expect(await outcome(browser, response)).toEqual(refusedWith('SSO_REFUSED'))
})
