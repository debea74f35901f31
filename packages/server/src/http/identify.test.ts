import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { newToken } from '../tokens/token-format.ts'

const server = await createTestServer()
const { user, accountUser } = await server.build.member()
const { token } = await server.build.token(accountUser)
const { token: readOnly } = await server.build.token(accountUser, { readOnly: true })
const { key } = await server.build.session(user)
const whoAmI = { query: '{ me { id } }' }

test.each([
  ['a token that was never given', `Bearer ${newToken()}`],
  ['a token with one character changed', `Bearer ${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`],
  ['no token', 'Bearer '],
  ['another scheme', `Basic ${Buffer.from(`${user.username}:${token}`).toString('base64')}`],
  ['a token without its scheme', token],
  ['two tokens', `Bearer ${token} ${token}`],
])('%s in the header is refused, never taken for nobody', async (_what, authorization) => {
  const answer = await server.anonymous.send(whoAmI, { authorization })
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  expect(answer.errors).toEqual([{ message: 'Sign in first.', extensions: { code: 'UNAUTHENTICATED' } }])
  expect(answer.data).toBeUndefined()
})

test('the scheme is read in any case', async () => {
  const answer = await server.anonymous.send(whoAmI, { authorization: `bearer ${token}` })
  expect(answer.data).toEqual({ me: { id: user.id } })
})

test('a cookie and a token together are refused, whether the cookie is good or not', async () => {
  for (const cookie of [`lanyard-4000=${key}`, 'lanyard-4000=worthless']) {
    const answer = await server.withToken(token).send(whoAmI, { cookie })
    expect(answer.status).toBe(400)
    expect(refusalOf(answer)).toEqual({ code: 'BAD_REQUEST', field: 'authorization' })
  }
})

test('two Authorization headers are refused, even with the same good token twice', async () => {
  for (const second of [`Bearer ${token}`, `Bearer ${readOnly}`, 'Basic eDp5', 'Bearer ']) {
    const answer = await withTwoHeaders(`Bearer ${token}`, second)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text).errors).toMatchObject([
      { extensions: { code: 'BAD_REQUEST', field: 'authorization' } },
    ])
  }
})

/** `fetch` would join them to one. */
function withTwoHeaders(first: string, second: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const sent = request(`${server.url}/graphql`, { method: 'POST', headers }, (response) => {
      void text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject)
    })
    sent.setHeader('authorization', [first, second])
    sent.once('error', reject).end(JSON.stringify(whoAmI))
  })
}

test('a token anywhere but in the header is not read', async () => {
  const headers = { 'content-type': 'application/json' }
  const inQuery = await fetch(
    `${server.url}/graphql?access_token=${token}&authorization=Bearer%20${token}`,
    {
      method: 'POST',
      headers,
      body: JSON.stringify(whoAmI),
    },
  )
  expect(await inQuery.json()).toEqual({ data: { me: null } })
  const inBody = await server.anonymous.send({ ...whoAmI, access_token: token, token })
  expect(inBody.data).toEqual({ me: null })
  const inForm = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `access_token=${token}&query=${encodeURIComponent(whoAmI.query)}`,
  })
  expect(inForm.status).toBe(415)
  const inCookie = await server.withCookie(token).query(whoAmI.query)
  expect(inCookie.data).toEqual({ me: null })
})

test('a read-only token reads, and is told what it lacks where it would write', async () => {
  const program = server.withToken(readOnly)
  expect((await program.query('{ me { id name } }')).data.me).toEqual({ id: user.id, name: user.name })
  const answer = await program.mutate('updateProfile', { name: 'Somebody Else' }, 'me { name }')
  expect(answer.status).toBe(403)
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
  expect(refusalOf(answer)).toEqual({ code: 'FORBIDDEN' })

  const allowed = await server
    .withToken(token)
    .mutate('updateProfile', { name: 'Somebody Else' }, 'me { name }')
  expect(allowed.data.updateProfile.me).toEqual({ name: 'Somebody Else' })
  const { data } = await program.query('{ me { activity(first: 1) { nodes { action tokenName } } } }')
  expect(data.me.activity.nodes).toEqual([{ action: 'PROFILE_UPDATED', tokenName: 'Sample token' }])
})

test.each([
  ['a page of another site', { origin: 'https://evil.example.com' }],
  ['a page without an origin', { origin: 'null' }],
  ['a host that begins like ours', { origin: 'http://localhost:4000.evil.example.com' }],
  ['another port of this machine', { origin: 'http://localhost:4001' }],
  ['what the browser calls another site', { 'sec-fetch-site': 'cross-site' }],
])('%s cannot use the cookie', async (_what, headers) => {
  const mutation = { query: 'mutation { updateProfile(input: { name: "Changed" }) { me { name } } }' }
  const answer = await server.withCookie(key).send(mutation, headers)
  expect(answer.status).toBe(403)
  expect(refusalOf(answer)).toEqual({ code: 'FORBIDDEN' })
  expect((await server.withCookie(key).query('{ me { name } }')).data.me.name).not.toBe('Changed')
})

test.each(['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
  'on a loopback %s is our own page',
  async (origin) => {
    const answer = await server.withCookie(key).send(whoAmI, { origin, 'sec-fetch-site': 'same-origin' })
    expect(answer.data).toEqual({ me: { id: user.id } })
  },
)
