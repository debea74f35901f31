import { afterAll, beforeEach, expect, test } from 'vitest'
import { CookieBrowser } from '../../../test/cookie-browser.ts'
import { createTestServer } from '../../../test/server.ts'
import { browserOf, enforceSso, goThrough } from '../../../test/sso-scene.ts'
import { OidcProviderStandIn } from '../../../test/stand-ins/oidc-provider.ts'
import { TestClock } from '../../../test/test-clock.ts'

const provider = await OidcProviderStandIn.listen()
const clock = new TestClock(new Date())
const server = await createTestServer({
  clock,
  limits: { singleSignOn: { perSource: 30, ofStrangers: 120 } },
  environment: { ALLOWED_OUTBOUND_HOSTS: provider.host, ROLE: 'api', TRUSTED_PROXIES: '1' },
})
afterAll(() => provider[Symbol.asyncDispose]())
const scene = await enforceSso(server, provider, { createJustInTime: true })

const tooMany = '/sign-in?sso=RATE_LIMITED'
const tenMinutes = 600

async function rows(): Promise<number> {
  const [{ count }] = await server.orm.em
    .fork()
    .execute<[{ count: number }]>('select count(*)::int as count from sso_request')
  return count
}

let addresses = 0
const newAddress = () => `198.51.100.${++addresses}`

/** @returns where the browser is led */
async function visit(address: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${server.url}${scene.startPath}`, {
    redirect: 'manual',
    headers: { 'x-forwarded-for': address, ...headers },
  })
  return response.headers.get('location') ?? String(response.status)
}

/** Ten at a time: what waits for the counters is no part of this. */
async function visits(count: number, address: () => string): Promise<{ led: number; refused: number }> {
  const places: string[] = []
  while (places.length < count) {
    places.push(...(await Promise.all(Array.from({ length: 10 }, () => visit(address())))))
  }
  const refused = places.filter((place) => place === tooMany).length
  const led = places.filter((place) => place.startsWith(provider.issuer)).length
  return { led, refused }
}

beforeEach(async () => {
  const em = server.orm.em.fork()
  await em.execute('delete from sso_request')
  await em.execute('delete from sign_in_throttle')
})

test('an office behind one address signs in: who comes back as somebody is not counted', async () => {
  for (let colleague = 1; colleague <= 32; colleague++) {
    const browser = new CookieBrowser(server)
    const response = await goThrough(browser, provider, scene.startPath, { sub: `colleague-${colleague}` })
    expect(response.headers.get('location')).toBe('/')
  }
})

test('two hundred visits from as many addresses leave what a hundred and twenty leave', async () => {
  expect(await visits(200, newAddress)).toEqual({ led: 120, refused: 80 })
  expect(await rows()).toBe(120)
  expect(await visit(newAddress(), { cookie: 'lanyard-4000-device=not-one-of-ours' })).toBe(tooMany)

  // All the while nothing hinders whoever was here before.
  const member = new CookieBrowser(server)
  member.keep(new Headers({ 'set-cookie': `lanyard-4000-device=${await deviceOfSomebody()}; Path=/` }))
  const arrived = await goThrough(member, provider, scene.startPath, { sub: 'whose-device-is-known' })
  expect(arrived.headers.get('location')).toBe('/')
  const tester = await browserOf(server, scene.administrator)
  const tested = await goThrough(tester, provider, `${scene.startPath}?purpose=TEST`)
  expect(await tested.text()).toContain('Test passed')
})

test('two hundred visits from one address leave what thirty leave, and hinder nobody elsewhere', async () => {
  const address = newAddress()
  expect(await visits(200, () => address)).toEqual({ led: 30, refused: 170 })
  expect(await rows()).toBe(30)
  expect(await visit(newAddress())).not.toBe(tooMany)

  clock.advanceSeconds(tenMinutes)
  expect(await visit(address)).not.toBe(tooMany)
})

test('who tests a connection, or proves who they are, too often is told so there', async () => {
  const { key } = await server.build.session(scene.administrator)
  const testing = () => new CookieBrowser(server, key).get(`${scene.startPath}?purpose=TEST`)
  for (let tried = 0; tried < 30; tried++) expect((await testing()).status).toBe(302)
  expect(await (await testing()).text()).toContain('There were too many tests.')
})

test('what has had its time is cleared away by those who begin, a few at a time', async () => {
  await visits(10, newAddress)
  clock.advanceSeconds(tenMinutes + 1)
  const left: number[] = []
  for (const _ of [1, 2, 3, 4]) {
    await visit(newAddress())
    left.push(await rows())
  }
  expect(left).toEqual([6, 2, 3, 4])
})

/** The cookie of a browser that somebody has signed in from before. */
async function deviceOfSomebody(): Promise<string> {
  const password = 'a long sentence about harbours'
  const user = await server.build.user({ password })
  const browser = new CookieBrowser(server)
  const { headers } = await browser.mutate('signIn', { login: user.username, password }, 'status')
  return /lanyard-4000-device=([^;]+)/.exec(headers.getSetCookie().join('\n'))?.[1] ?? ''
}
