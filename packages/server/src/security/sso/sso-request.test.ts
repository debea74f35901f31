import { afterAll, expect, test } from 'vitest'
import { CookieBrowser } from '../../../test/cookie-browser.ts'
import { testSecretKeys } from '../../../test/secret-keys.ts'
import { createTestServer } from '../../../test/server.ts'
import { browserOf, enforceSso, goThrough } from '../../../test/sso-scene.ts'
import { OidcProviderStandIn } from '../../../test/stand-ins/oidc-provider.ts'
import { TestClock } from '../../../test/test-clock.ts'
import { SealingKeys } from '../../sealing-keys.ts'
import { newSecretKey } from '../secret-keys.ts'
import { SsoConnection } from './sso-connection.entity.ts'
import type { VouchedIdentity } from './sso-protocol.ts'
import { keepVouched, unsolicitedRequest } from './sso-request.ts'

const provider = await OidcProviderStandIn.listen()
const clock = new TestClock(new Date())
const server = await createTestServer({
  clock,
  environment: { ALLOWED_OUTBOUND_HOSTS: provider.host },
})
afterAll(() => provider[Symbol.asyncDispose]())

const scene = await enforceSso(server, provider)
const em = server.orm.em.fork()
const ctx = { em, clock, sealing: new SealingKeys([testSecretKeys]) }
const connection = await em.findOneOrFail(SsoConnection, { id: scene.connectionId })
const { user } = await server.build.member({ account: scene.account })
const known = 'known-to-the-provider'
await goThrough(await browserOf(server, user), provider, scene.startPath, { sub: known })

const expired = '/sign-in?sso=SIGN_IN_EXPIRED'

function identity(subject: string): VouchedIdentity {
  return {
    issuer: provider.issuer,
    subject,
    email: null,
    emailVerified: false,
    name: null,
    nameId: null,
    sessionIndex: null,
    authenticatedAt: null,
  }
}

/** What a provider that leads a browser here by itself leaves for it. */
async function arrive(subject: string, into = new CookieBrowser(server)) {
  const browserKey = newSecretKey()
  const request = unsolicitedRequest(ctx, connection, browserKey)
  const result = await keepVouched(ctx, request, identity(subject))
  into.keep(new Headers({ 'set-cookie': `lanyard-4000-sso=${browserKey}; Path=/` }))
  return { browser: into, path: `/sso/finish?result=${result}` }
}

test('what a provider vouched for is had once, by the browser it is about', async () => {
  const { browser, path } = await arrive(known)
  expect(await new CookieBrowser(server).follow(path)).toBe(expired)
  expect(await browser.follow(path)).toBe('/')
  expect((await browser.caller.query('{ me { id } }')).data.me).toEqual({ id: user.id })
  expect(await browser.follow(path)).toBe(expired)
  for (const wrong of ['/sso/finish', '/sso/finish?result=x', '/sso/finish?result=x&result=y']) {
    expect(await browser.follow(wrong)).toBe(expired)
  }
})

test('it is kept for a minute', async () => {
  const { browser, path } = await arrive(known)
  clock.advanceSeconds(61)
  expect(await browser.follow(path)).toBe(expired)
})

test('it comes to nothing once the connection was changed', async () => {
  const { browser, path } = await arrive(known)
  await em.nativeUpdate(SsoConnection, { id: connection.id }, { changedAt: clock.now() })
  expect(await browser.follow(path)).toBe(expired)
  await em.nativeUpdate(SsoConnection, { id: connection.id }, { changedAt: connection.changedAt })
})

test('a sign-on that the provider began links nobody, whoever is signed in', async () => {
  const { user: other } = await server.build.member({ account: scene.account })
  const { browser, path } = await arrive('unknown-to-us', await browserOf(server, other))
  expect(await browser.follow(path)).toBe('/sign-in?sso=SSO_NO_ACCESS')
  const rows = await em.execute('select 1 from sso_identity where user_id = ?', [other.id])
  expect(rows).toEqual([])
})

test('what is kept meanwhile tells whoever reads the database nothing', async () => {
  const { path } = await arrive('a-subject-of-its-own')
  const browser = new CookieBrowser(server)
  const url = new URL(await browser.follow(scene.startPath))
  const secrets = [
    'a-subject-of-its-own',
    path.split('=')[1] ?? '',
    url.searchParams.get('state') ?? '',
    url.searchParams.get('nonce') ?? '',
  ]
  const [{ dump }] = await em.execute<[{ dump: string }]>(
    `select string_agg(concat(r::text, encode(details, 'escape')), '') as dump from sso_request r`,
  )
  for (const secret of secrets) expect(dump).not.toContain(secret)
})
