import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { BadgeFollower } from '../../test/badge-follower.ts'
import { createTestServer, type TestServer } from '../../test/server.ts'
import { newToken } from '../tokens/token-format.ts'

// A worker would ask the database once a second, and so perhaps beside a report.
const environment = { ROLE: 'api' }
const server = await createTestServer({ environment })
const beside = await createTestServer({ databaseUrl: server.databaseUrl, clock: server.clock, environment })
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())

// Each test is counted by itself, though all come from one address.
beforeEach(() => server.clock.advanceSeconds(2 * 86_400))

function report(token: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return post(JSON.stringify({ token }), headers)
}

function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/tokens/revoke`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'leak-scanner/3.1', ...headers },
    body,
  })
}

async function statusOf(token: string, on: TestServer): Promise<number> {
  return (await on.withToken(token).query('{ me { id } }')).status
}

/** All that a caller can see of an answer, but for the time and the request's own number. */
async function visibleOf(response: Response) {
  const headers = [...response.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id')
  return { status: response.status, headers, body: await response.text() }
}

test('a token that is presented is dead within a second, on every server and on its open sockets', async () => {
  const { accountUser } = await server.build.member()
  const { token } = await server.build.token(accountUser)
  const { token: other } = await server.build.token(accountUser)
  const closed = Promise.all(
    [server, beside].map(async (one) => {
      const socket = one.socketWithToken(token)
      const code = new Promise<unknown>((resolve) => {
        socket.on('closed', (event) => resolve((event as { code: number }).code))
      })
      await new BadgeFollower(socket).until(() => true)
      return { code }
    }),
  )
  const codes = (await closed).map(({ code }) => code)

  expect((await report(token)).status).toBe(204)
  expect(await statusOf(token, server)).toBe(401)
  expect(await statusOf(token, beside)).toBe(401)
  const inTime = await Promise.race([Promise.all(codes), sleep(1000)])
  expect(inTime).toEqual([4401, 4401])
  expect(await statusOf(other, beside)).toBe(200)
})

test('its owner reads in the history what became of it, and who presented it', async () => {
  const { user, account, accountUser } = await server.build.member()
  const { token } = await server.build.token(accountUser, { name: 'Ticket bridge' })
  await report(token)

  const browser = await server.as(user)
  const { data, text } = await browser.query(
    '{ me { activity { nodes { action subject account { id } actor { id } tokenName address device } } } }',
  )
  expect(data.me.activity.nodes).toEqual([
    {
      action: 'TOKEN_REPORTED_LEAKED',
      subject: 'Ticket bridge',
      account: { id: account.id },
      actor: null,
      tokenName: null,
      address: '127.0.0.1',
      device: 'leak-scanner',
    },
  ])
  expect(text).not.toContain(token)
})

test('the answer is the same for a token that works, one that is dead, one never given and what is none', async () => {
  const { accountUser } = await server.build.member()
  const { token } = await server.build.token(accountUser)
  const known = await visibleOf(await report(token))
  expect(known).toMatchObject({ status: 204, body: '' })
  for (const text of [
    token,
    newToken(),
    newToken().slice(0, -1),
    '',
    'a\u0000b',
    '\ud800',
    '-'.repeat(900),
  ]) {
    expect(await visibleOf(await report(text))).toEqual(known)
  }
})

test('what is no token costs the very statements that an unknown one costs', async () => {
  await report(newToken())
  const query = vi.spyOn(Client.prototype, 'query')
  const statementsOf = async (text: string) => {
    query.mockClear()
    await report(text)
    const statements = query.mock.calls.map(([statement]) =>
      typeof statement === 'string' ? statement : (statement as unknown as { text: string }).text,
    )
    // The queue of nightly work asks for itself; values stand inside the text.
    return statements
      .filter((statement) => statement && !statement.includes('pgboss'))
      .map((statement) => statement.replaceAll(/'[^']*'|\d+/g, '?'))
  }
  const unknown = await statementsOf(newToken())
  expect(unknown.filter((statement) => statement.includes('token_key'))).toHaveLength(1)
  expect(await statementsOf('no token at all')).toEqual(unknown)
  query.mockRestore()
})

test('no answer comes sooner than fifty milliseconds, so that how long it takes tells nothing', async () => {
  const { accountUser } = await server.build.member()
  const { token } = await server.build.token(accountUser)
  for (const text of [token, token, newToken(), 'no token at all']) {
    const start = performance.now()
    await report(text)
    // A timer of Node may fire a millisecond early.
    expect(performance.now() - start).toBeGreaterThanOrEqual(49)
  }
})

test('ten reports of one token at once end it once, and the history tells it once', async () => {
  const { user, accountUser } = await server.build.member()
  const { token } = await server.build.token(accountUser)
  const answers = await Promise.all(Array.from({ length: 10 }, () => report(token)))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 204))
  const { rows } = await client.query('select action from activity where user_id = $1', [user.id])
  expect(rows).toEqual([{ action: 'TOKEN_REPORTED_LEAKED' }])
})

test('its owner is told by mail, once, and nobody is told of what is no token', async () => {
  const { user, accountUser } = await server.build.member()
  const { token } = await server.build.token(accountUser, { name: 'Ticket bridge' })
  await client.query('delete from delivery')
  await Promise.all([report(token), report(token), report(newToken())])
  const { rows } = await client.query('select user_id, message, content from delivery')
  expect(rows).toMatchObject([
    {
      user_id: user.id,
      message: 'TOKEN_LEAKED',
      content: { tokenName: 'Ticket bridge', accountName: 'Sample Account', device: 'leak-scanner' },
    },
  ])
})

test('neither a cookie nor a foreign origin changes anything: the token alone speaks', async () => {
  const { user, accountUser } = await server.build.member()
  const { key } = await server.build.session(user)
  const { token } = await server.build.token(accountUser)
  const cookie = `lanyard-4000=${key}`
  const answer = await report(token, {
    cookie,
    origin: 'https://evil.example.com',
    authorization: `Bearer ${newToken()}`,
  })
  expect(answer.status).toBe(204)
  // A page of another site cannot read the answer, nor send JSON without asking first.
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(await statusOf(token, server)).toBe(401)
  expect((await server.withCookie(key).query('{ me { id } }')).data.me).toEqual({ id: user.id })
})

test('an address may present twenty texts that are no token, then it waits; tokens that are some count for nothing', async () => {
  const { accountUser } = await server.build.member()
  const leaked = await Promise.all(Array.from({ length: 15 }, () => server.build.token(accountUser)))
  for (const { token } of leaked.slice(1)) expect((await report(token)).status).toBe(204)
  for (let miss = 0; miss < 21; miss++) expect((await report(newToken())).status).toBe(204)

  const [last] = leaked
  const refused = await report(last?.token)
  expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([429, '1', ''])
  expect(await statusOf(last?.token ?? '', server)).toBe(200)
  server.clock.advanceSeconds(1)
  expect((await report(last?.token)).status).toBe(204)
  expect(await statusOf(last?.token ?? '', server)).toBe(401)
})

test('who presents tokens may still sign in: the two are counted apart', async () => {
  const { username } = await server.build.user({ password: 'correct horse battery' })
  for (let miss = 0; miss < 21; miss++) await report(newToken())
  expect((await report(newToken())).status).toBe(429)
  const input = { login: username, password: 'correct horse battery' }
  const answer = await server.anonymous.mutate('signIn', input, 'status')
  expect(answer.data.signIn).toEqual({ status: 'SIGNED_IN' })
})

test.each([
  ['no JSON', '{"token":', 400],
  ['no object', '"lanyard_"', 400],
  ['nothing', 'null', 400],
  ['a list of tokens', JSON.stringify({ token: [newToken()] }), 400],
  ['no token', '{}', 400],
  ['more than a token needs', JSON.stringify({ token: 'x'.repeat(1000) }), 413],
])(
  'a body with %s is refused in the words of HTTP, and nothing is looked up',
  async (_what, body, status) => {
    const query = vi.spyOn(Client.prototype, 'query')
    const answer = await post(body)
    expect([answer.status, await answer.text()]).toEqual([status, ''])
    const lookUps = query.mock.calls.filter(([statement]) =>
      JSON.stringify(statement).includes('token_key'),
    )
    expect(lookUps).toEqual([])
    query.mockRestore()
  },
)

test('a form is refused, so that a page of another site cannot send one', async () => {
  const { accountUser } = await server.build.member()
  const { token } = await server.build.token(accountUser)
  for (const type of [
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
  ]) {
    const answer = await post(JSON.stringify({ token }), { 'content-type': type })
    expect([400, 415]).toContain(answer.status)
  }
  expect(await statusOf(token, server)).toBe(200)
})
