import { afterAll, expect, test } from 'vitest'
import { CookieBrowser } from '../../../test/cookie-browser.ts'
import { createTestServer } from '../../../test/server.ts'
import { enforceSso, goThrough } from '../../../test/sso-scene.ts'
import { OidcProviderStandIn } from '../../../test/stand-ins/oidc-provider.ts'
import { TestClock } from '../../../test/test-clock.ts'

const provider = await OidcProviderStandIn.listen()
const server = await createTestServer({
  clock: new TestClock(new Date()),
  environment: { ALLOWED_OUTBOUND_HOSTS: provider.host, ROLE: 'api' },
})
afterAll(() => provider[Symbol.asyncDispose]())

const account = await server.build.account({ name: 'Acme Networks' })
const scene = await enforceSso(server, provider, { account })

async function toldTo(browser: CookieBrowser): Promise<unknown> {
  const { data, errors } = await browser.caller.query('{ ssoRefusal { accountName } }')
  expect(errors).toBeUndefined()
  return data.ssoRefusal
}

/** Somebody whom nobody here knows. */
async function refusedBrowser(): Promise<{ browser: CookieBrowser; response: Response }> {
  const browser = new CookieBrowser(server)
  const response = await goThrough(browser, provider, scene.startPath, { sub: 'nobody-we-know' })
  return { browser, response }
}

test('the browser that was refused is told through which account, and no other one', async () => {
  const { browser, response } = await refusedBrowser()
  expect(response.headers.get('location')).toBe('/sign-in?sso=SSO_NO_ACCESS')
  expect(response.headers.getSetCookie()).toContainEqual(
    expect.stringMatching(
      /^lanyard-4000-sso-refusal=[\w-]{60,}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    ),
  )
  expect(await toldTo(browser)).toEqual({ accountName: 'Acme Networks' })
  expect(await toldTo(new CookieBrowser(server))).toBeNull()
})

test('a later refusal that is of no account that is known names none', async () => {
  const { browser } = await refusedBrowser()
  expect(await browser.follow('/sso/finish?result=x')).toBe('/sign-in?sso=SIGN_IN_EXPIRED')
  expect(await toldTo(browser)).toBeNull()
})

test.each([
  ['nothing', ''],
  ['the id of an account', account.id],
  ['what we have not sealed', Buffer.alloc(70, 1).toString('base64url')],
])('a cookie that holds %s names no account', async (_, value) => {
  const browser = new CookieBrowser(server)
  browser.keep(new Headers({ 'set-cookie': `lanyard-4000-sso-refusal=${value}; Path=/` }))
  expect(await toldTo(browser)).toBeNull()
})

test.each([
  ['Acme-Netwroks', '/sign-in?sso=NOT_FOUND&name=acme-netwroks'],
  ['Call%20555-0142', '/sign-in?sso=NOT_FOUND'],
  ['a'.repeat(41), '/sign-in?sso=NOT_FOUND'],
])('of the name %s that nobody signs in under, what can be one comes back', async (name, location) => {
  expect(await new CookieBrowser(server).follow(`/sso/${name}`)).toBe(location)
})
