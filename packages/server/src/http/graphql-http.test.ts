import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'

const server = await createTestServer()
const { user } = await server.build.member()
const browser = await server.as(user)
const mutation = 'mutation { updateProfile(input: { name: "Changed" }) { me { name } } }'

async function nameNow(): Promise<string> {
  return (await browser.query('{ me { name } }')).data.me.name
}

test.each([
  ['no type at all', '', JSON.stringify({ query: mutation }), 415],
  ['another type than JSON', 'text/xml', '<query/>', 415],
  ['half of a JSON text', 'application/json', '{"query":', 400],
  [
    'more than 100 KB',
    'application/json',
    JSON.stringify({ query: mutation, variables: { x: 'x'.repeat(100_000) } }),
    413,
  ],
])('%s changes nothing', async (_what, contentType, body, status) => {
  const answer = await browser.send(body, { 'content-type': contentType })
  expect(answer.status).toBe(status)
  expect(refusalOf(answer)).toEqual({ code: 'BAD_REQUEST' })
  expect(await nameNow()).toBe(user.name)
})

test('an answer is kept by no cache, framed by no page, and taken for nothing but JSON', async () => {
  const { headers } = await browser.query('{ me { id } }')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('x-powered-by')).toBeNull()
  expect(headers.get('strict-transport-security')).toBeNull()
})

test('an answer is of the type of GraphQL for who knows it, and plain JSON for everybody else', async () => {
  const typeFor = async (accept: string) => {
    const { headers } = await browser.send({ query: '{ me { id } }' }, { accept })
    return headers.get('content-type')
  }
  expect(await typeFor('application/graphql-response+json, application/json')).toBe(
    'application/graphql-response+json; charset=utf-8',
  )
  expect(await typeFor('application/json')).toBe('application/json; charset=utf-8')
  expect(await typeFor('*/*')).toBe('application/json; charset=utf-8')
})

test('a hash of a document that somebody sends beside it is not believed', async () => {
  const query = '{ me { username } }'
  const persistedQuery = { version: 1, sha256Hash: 'f'.repeat(64) }
  const answer = await browser.send({ query, extensions: { persistedQuery } })
  expect(answer.data).toEqual({ me: { username: user.username } })

  const hashAlone = await browser.send({ extensions: { persistedQuery } })
  expect(refusalOf(hashAlone)).toEqual({ code: 'BAD_REQUEST', field: 'query' })
})

test('whoever asks gets the answers of one, though a hundred ask at once', async () => {
  const people = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const person = await server.build.user()
      return { person, browser: await server.as(person) }
    }),
  )
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const asking = people[index % people.length]
      const { data } = (await asking?.browser.query('{ me { id username } }')) ?? { data: null }
      return { data, expected: { me: { id: asking?.person.id, username: asking?.person.username } } }
    }),
  )
  for (const { data, expected } of answers) expect(data).toEqual(expected)
})

test('the probes say that the server is up and that it can serve', async () => {
  expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' })
  expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ok' })
})
