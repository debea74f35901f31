import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { RawConnection } from '../raw-http.ts'
import { createTestServer } from '../server.ts'

const directory = await mkdtemp(join(tmpdir(), 'lanyard-headers-'))
await mkdir(join(directory, 'assets'))
await writeFile(join(directory, 'index.html'), '<!doctype html><title>Lanyard</title>')
await writeFile(join(directory, 'assets/page-1a2b.js'), 'export {}\n')
afterAll(() => rm(directory, { recursive: true }))

const server = await createTestServer({ clientDirectory: directory })
const secure = await createTestServer({
  databaseUrl: server.databaseUrl,
  clientDirectory: directory,
  environment: { PUBLIC_URL: 'https://lanyard.example.com' },
})
const { key } = await server.build.session(await server.build.user())

const json = { 'content-type': 'application/json' }
const query = JSON.stringify({ query: '{ me { id } }' })
const page = { headers: { accept: 'text/html' } }
const post = (body: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers: { ...json, ...headers },
})

/** Every kind of answer, with how it may be kept. */
const answers: [string, string, RequestInit, number, string][] = [
  ['the page', '/', page, 200, 'no-cache'],
  ['the page at another path', '/settings/profile?account=1', page, 200, 'no-cache'],
  ['a file of the page', '/assets/page-1a2b.js', {}, 200, 'public, max-age=31536000, immutable'],
  ['a file that is not there', '/assets/page-9f9f.js', {}, 404, 'no-store'],
  ['a path that is not there', '/nothing', {}, 404, 'no-store'],
  ['an address that is none', '/%zz', {}, 400, 'no-store'],
  ['a probe', '/healthz', {}, 200, 'no-store'],
  ['a probe of the database', '/readyz', {}, 200, 'no-store'],
  ['an answer', '/graphql', post(query), 200, 'no-store'],
  ['a document that is none', '/graphql', post('{"query":"{"}'), 400, 'no-store'],
  ['half of a JSON text', '/graphql', post('{"query":'), 400, 'no-store'],
  ['a foreign page', '/graphql', post(query, { origin: 'https://evil.example.com' }), 403, 'no-store'],
  ['a worthless token', '/graphql', post(query, { authorization: 'Bearer x' }), 401, 'no-store'],
  ['a picture that is not there', '/avatars/1/128.webp', {}, 404, 'no-store'],
  [
    'a picture from nobody',
    '/me/avatar',
    { ...post('x', { 'content-type': 'image/png' }), method: 'PUT' },
    401,
    'no-store',
  ],
  ['another method', '/graphql', {}, 404, 'no-store'],
  ['a question whether one may ask', '/graphql', { method: 'OPTIONS' }, 404, 'no-store'],
  ['too much', '/graphql', post('x'.repeat(200_000)), 413, 'no-store'],
  ['a body of another type', '/graphql', post('<a/>', { 'content-type': 'text/xml' }), 415, 'no-store'],
]

const shield = {
  'content-security-policy': expect.stringContaining("default-src 'none'"),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
}

/** Says which software answers, and in which version. */
const telling = ['server', 'x-powered-by', 'via', 'x-apollo-operation-name', 'x-aspnet-version']

function expectGuarded(response: Response, text: string, caching: string): void {
  const headers = Object.fromEntries(response.headers)
  expect(headers).toMatchObject({ ...shield, 'cache-control': caching })
  expect(telling.filter((name) => name in headers)).toEqual([])
  expect(text).not.toMatch(/fastify|apollo|FST_|node_modules|<pre>|<body>/i)
  // Whoever may read what is here from another page is told by these; nobody may.
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
}

test.each(answers)(
  '%s comes guarded, and is kept as it should',
  async (_what, path, init, status, caching) => {
    const response = await fetch(`${server.url}${path}`, init)
    expect(response.status).toBe(status)
    expectGuarded(response, await response.text(), caching)
    expect(response.headers.get('strict-transport-security')).toBeNull()
  },
)

test.each(answers)(
  '%s asks a browser to stay with https where the server has it',
  async (_what, path, init) => {
    const { headers } = await fetch(`${secure.url}${path}`, init)
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
  },
)

test('a fault of ours comes guarded too, with nothing but a code and an id', async () => {
  const em = server.orm.em.fork()
  await em.execute('alter table session_key rename to session_key_elsewhere')
  try {
    const init = post(query, { cookie: `lanyard-4000=${key}` })
    const response = await fetch(`${server.url}/graphql`, init)
    const text = await response.text()
    expect(response.status).toBe(500)
    expectGuarded(response, text, 'no-store')
    const requestId = response.headers.get('x-request-id')
    expect(JSON.parse(text)).toEqual({
      errors: [
        { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL', requestId } },
      ],
    })
  } finally {
    await em.execute('alter table session_key_elsewhere rename to session_key')
  }
})

test('an upgrade that is refused comes guarded too, and says nothing else', async () => {
  const connection = await RawConnection.open(server.url)
  connection.write(
    `GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Protocol: graphql-transport-ws\r\nOrigin: https://evil.example.com\r\n\r\n`,
  )
  await connection.closed()
  const [head = '', body] = connection.received.split('\r\n\r\n')
  expect(connection.statuses).toEqual([403])
  expect(body).toBe('')
  const names = head.split('\r\n').map((line) => line.split(':')[0]?.toLowerCase() ?? '')
  expect(names).toEqual(expect.arrayContaining([...Object.keys(shield), 'cache-control']))
  expect(names.filter((name) => telling.includes(name))).toEqual([])
})

test('what is no HTTP at all is told so in a word', async () => {
  const connection = await RawConnection.open(server.url)
  connection.write('MARKER\r\n\r\n')
  await connection.closed()
  expect(connection.statuses).toEqual([400])
  expect(connection.received).not.toMatch(/fastify|node|html|MARKER|HPE_/i)
})
