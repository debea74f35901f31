import { expect, test } from 'vitest'

import { createTestServer } from '../../test/server.ts'
import { acceptedLanguage } from './accepted-language.ts'
import { renewSetupLink } from './setup-link.ts'

const good = {
  username: 'Ada',
  name: 'Ada Example',
  email: 'ada@example.com',
  account: 'Example Fibre',
  password: 'kq7-vMx2-pLz9wq',
  repeated: 'kq7-vMx2-pLz9wq',
}

/** A server that nobody uses yet, with its link. */
async function newServer() {
  const server = await createTestServer()
  const renew = async () => `${server.url}/setup/${await renewSetupLink(server.databaseUrl, server.clock)}`
  const count = async (table: string) => {
    const [row] = await server.orm.em
      .fork()
      .execute<{ n: number }[]>(`select count(*)::int as n from ${table}`)
    return row?.n
  }
  return { server, renew, count }
}

function fill(link: string, form: Partial<typeof good> = {}, headers: Record<string, string> = {}) {
  const body = new URLSearchParams({ ...good, ...form })
  return fetch(link, { method: 'POST', body, headers, redirect: 'manual' })
}

test('without the link of the last start there is no page, and nothing is made', async () => {
  const { server, renew, count } = await newServer()
  const old = await renew()
  const link = await renew()
  for (const path of [
    '/setup',
    '/setup/',
    `/setup/${'A'.repeat(43)}`,
    '/setup/null',
    new URL(old).pathname,
  ]) {
    const accept = { accept: 'text/html' }
    expect((await fetch(`${server.url}${path}`, { headers: accept })).status).toBe(404)
    expect((await fill(`${server.url}${path}`)).status).toBe(404)
  }
  expect(await count('"user"')).toBe(0)
  expect((await fetch(link)).status).toBe(200)
})

test('the form makes the first administrator, who signs in, and is gone then', async () => {
  const { server, renew, count } = await newServer()
  const link = await renew()
  // As scanners open links: looking at it spends nothing.
  for (let time = 0; time < 3; time++) await fetch(link)
  const page = await fetch(link)
  const text = await page.text()
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(text).not.toContain('<script')
  for (const name of Object.keys(good)) {
    expect(text).toMatch(new RegExp(`<label for="${name}">`))
    expect(text).toMatch(new RegExp(`<input[^>]* id="${name}"[^>]* autocomplete="[a-z-]+"`, 's'))
  }
  expect(text).toContain('<meta name="viewport" content="width=device-width"')

  const answer = await fill(link)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in'])
  const input = { login: 'ada@example.com', password: good.password }
  const signedIn = await server.anonymous.mutate(
    'signIn',
    input,
    'status me { username superAdmin accountUsers { account { name } } }',
  )
  expect(signedIn.data.signIn).toEqual({
    status: 'SIGNED_IN',
    me: { username: 'Ada', superAdmin: true, accountUsers: [{ account: { name: 'Example Fibre' } }] },
  })
  for (const request of [fetch(link), fill(link, { username: 'eve', email: 'eve@example.com' })])
    expect((await request).status).toBe(404)
  expect(await count('"user"')).toBe(1)
  expect(await renewSetupLink(server.databaseUrl, server.clock)).toBeNull()
})

test('of fifty at once one makes somebody', async () => {
  const { renew, count } = await newServer()
  const link = await renew()
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      fill(link, { username: `ada.${index}`, email: `ada.${index}@example.com` }),
    ),
  )
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 303)).toHaveLength(1)
  expect(statuses.filter((status) => status === 404)).toHaveLength(49)
  expect(await count('"user"')).toBe(1)
  expect(await count('account')).toBe(1)
}, 60_000)

test('what is wrong stands beside its field, with what was typed, and the link goes on', async () => {
  const { renew, count } = await newServer()
  const link = await renew()
  const hostile = '"><script>alert(1)</script>'
  const answer = await fill(link, {
    username: 'a b c',
    name: hostile,
    email: 'ada',
    account: ' ',
    password: 'short',
    repeated: 'another',
  })
  const text = await answer.text()
  expect(answer.status).toBe(400)
  for (const name of ['username', 'email', 'account', 'password', 'repeated'])
    expect(text).toContain(`id="${name}-fault"`)
  expect(text).not.toContain('id="name-fault"')
  expect(text).toContain('value="a b c"')
  expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
  expect(text).not.toContain(hostile)
  expect(text).not.toContain('value="short"')

  expect(await (await fill(link, { repeated: 'another' })).text()).toContain('The two passwords differ.')
  const named = { password: 'example fibre ada', repeated: 'example fibre ada' }
  expect(await (await fill(link, named)).text()).toContain('This is soon guessed.')
  expect((await fetch(link, { method: 'POST', body: new URLSearchParams() })).status).toBe(400)
  expect(await count('"user"')).toBe(0)
  expect((await fill(link)).status).toBe(303)
}, 30_000)

test('another site cannot send the form', async () => {
  const { renew, count } = await newServer()
  const link = await renew()
  expect((await fill(link, {}, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await fill(link, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect(
    (await fetch(link, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }))
      .status,
  ).toBe(415)
  expect(await count('"user"')).toBe(0)
})

test('the page speaks the language that the browser prefers', async () => {
  const { renew } = await newServer()
  const link = await renew()
  const titles = await Promise.all(
    ['en', 'es', 'fr', 'de', 'nl'].map(async (language) => {
      const text = await (await fetch(link, { headers: { 'accept-language': language } })).text()
      expect(text).toContain(`<html lang="${language}">`)
      return /<h1>(.*?)<\/h1>/.exec(text)?.[1]
    }),
  )
  expect(new Set(titles).size).toBe(5)
})

test.each([
  [undefined, 'EN'],
  ['', 'EN'],
  ['de-CH, de;q=0.9, en;q=0.8', 'DE'],
  ['it, nl;q=0.5, fr;q=0.7', 'FR'],
  ['pt-BR,pt;q=0.9', 'EN'],
  ['fr;q=0, es', 'ES'],
  ['*, ;q=, nl;q=x', 'EN'],
])('Accept-Language %j is read as %s', (header, language) => {
  expect(acceptedLanguage(header)).toBe(language)
})
