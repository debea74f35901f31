import { expect, test } from 'vitest'
import { createTestServer } from '../../test/server.ts'

const server = await createTestServer()

const expected = {
  'content-security-policy':
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self';font-src 'self';connect-src 'self' ws://localhost:4000;manifest-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none';require-trusted-types-for 'script';trusted-types push-worker",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

test.each([
  ['a probe', '/healthz', {}],
  ['what is not there', '/nothing', {}],
  [
    'a refusal',
    '/graphql',
    { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
  ],
  [
    'a body of the wrong type',
    '/graphql',
    { method: 'POST', body: '<a/>', headers: { 'content-type': 'text/xml' } },
  ],
])(
  '%s comes with every header that protects a browser, and an id of its own',
  async (_what, path, init) => {
    const [first, second] = await Promise.all([
      fetch(`${server.url}${path}`, init),
      fetch(`${server.url}${path}`, init),
    ])
    expect(Object.fromEntries(first.headers)).toMatchObject(expected)
    expect(first.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(first.headers.get('x-request-id')).not.toBe(second.headers.get('x-request-id'))
  },
)

test('a server behind https asks browsers to stay with https, one on this machine does not', async () => {
  const secure = await createTestServer({ environment: { PUBLIC_URL: 'https://lanyard.example.com' } })
  const { headers } = await fetch(`${secure.url}/healthz`)
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
  expect(headers.get('content-security-policy')).toContain("connect-src 'self' wss://lanyard.example.com;")

  const local = await fetch(`${server.url}/healthz`)
  expect(local.headers.get('strict-transport-security')).toBeNull()
})
