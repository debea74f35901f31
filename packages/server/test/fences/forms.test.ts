import { expect, test } from 'vitest'
import { createTestServer } from '../server.ts'

const server = await createTestServer()
const { user } = await server.build.member()
const { key } = await server.build.session(user)
const cookie = `lanyard-4000=${key}`

const mutation = 'mutation { updateProfile(input: { name: "Changed" }) { me { name } } }'
const json = JSON.stringify({ query: mutation })

async function expectUnchanged(response: Response): Promise<void> {
  const text = await response.text()
  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(response.status).toBeLessThan(500)
  expect(text).not.toContain('"data"')
  // Without these a browser shows the answer to no other page.
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  const now = await server.withCookie(key).query('{ me { name } }')
  expect(now.data).toEqual({ me: { name: user.name } })
}

/** What a page can make a browser send without asking first, and some that it cannot. */
const bodies: [string, string, string][] = [
  ['a form', 'application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`],
  ['a form that reads as JSON', 'text/plain', `${json.slice(0, -1)},"extensions":{"=":1}}`],
  ['plain text, as a beacon sends it', 'text/plain;charset=UTF-8', json],
  ['text that calls itself JSON', 'text/plain; application/json', json],
  ['a form with files', 'multipart/form-data; boundary=x', multipart()],
  ['a beacon without a type', '', json],
  ['a type that is none', 'message/x', json],
  ['a type that only begins like JSON', 'application/jsonp', json],
  ['GraphQL as such', 'application/graphql', mutation],
  ['another text', 'application/csp-report', json],
]

function multipart(): string {
  const part = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  return `${part('operations', json)}${part('map', '{}')}--x--\r\n`
}

test.each(bodies)('%s changes nothing, even if it comes from our own page', async (_what, type, body) => {
  const headers = {
    cookie,
    'content-type': type,
    origin: 'http://localhost:4000',
    'sec-fetch-site': 'same-origin',
  }
  await expectUnchanged(await fetch(`${server.url}/graphql`, { method: 'POST', headers, body }))
})

test.each([
  ['another site', { origin: 'https://evil.example.com' }],
  ['a page without an origin', { origin: 'null' }],
  ['a host that begins like ours', { origin: 'http://localhost:4000.evil.example.com' }],
  ['a host that ends like ours', { origin: 'http://evillocalhost:4000' }],
  ['a name before ours', { origin: 'http://localhost:4000@evil.example.com' }],
  ['our host by https', { origin: 'https://localhost:4000' }],
  ['another port of this machine', { origin: 'http://localhost:4001' }],
  ['two origins', { origin: 'http://localhost:4000, https://evil.example.com' }],
  ['our origin in capitals', { origin: 'HTTP://LOCALHOST:4000' }],
  ['our origin with a path', { origin: 'http://localhost:4000/' }],
  ['an empty origin', { origin: '' }],
  ['what the browser calls another site', { 'sec-fetch-site': 'cross-site' }],
  [
    'what the browser calls another site, though it names ours',
    { origin: 'http://localhost:4000', 'sec-fetch-site': 'cross-site' },
  ],
])(
  '%s changes nothing with the cookie, whatever it sends',
  async (_what, headers: Record<string, string>) => {
    for (const [, type, body] of [['JSON', 'application/json', json], ...bodies]) {
      const init = {
        method: 'POST',
        headers: { ...headers, cookie, 'content-type': type ?? '' },
        body: body ?? '',
      }
      await expectUnchanged(await fetch(`${server.url}/graphql`, init))
    }
  },
)

test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  'nothing is read or changed by %s, of whatever type it says to be',
  async (method) => {
    for (const type of [
      'application/json',
      'text/plain',
      'message/x',
      'application/x-www-form-urlencoded',
    ]) {
      for (const query of [mutation, '{ me { name } }']) {
        const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent(query)}`, {
          method,
          headers: { cookie, 'content-type': type, accept: 'application/json, text/html' },
        })
        expect(response.headers.get('content-type') ?? '').not.toContain('html')
        await expectUnchanged(response)
      }
    }
  },
)

test('another method in a header is not heeded', async () => {
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override', '_method']) {
    const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent(mutation)}`, {
      headers: { cookie, [name]: 'POST' },
    })
    await expectUnchanged(response)
  }
})

test('a document in the address is not read', async () => {
  const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent(mutation)}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: '{}',
  })
  await expectUnchanged(response)
})
