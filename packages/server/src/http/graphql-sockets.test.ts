import { afterEach, expect, test } from 'vitest'
import { RawSocket } from '../../test/raw-socket.ts'
import { createTestServer, type TestServer } from '../../test/server.ts'

const server = await createTestServer()
const { user, accountUser } = await server.build.member()
const { token } = await server.build.token(accountUser)
const origin = 'http://localhost:4000'
const badge = 'subscription { notificationBadge { unread } }'

const open: RawSocket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate()
})

function openSocket(headers: Record<string, string>, on: TestServer = server): RawSocket {
  const socket = new RawSocket(on.url, headers)
  open.push(socket)
  return socket
}

async function sessionCookie(): Promise<string> {
  return `lanyard-4000=${(await server.build.session(user)).key}`
}

test.each([
  ['another site', 'https://evil.example.com'],
  ['a page without an origin', 'null'],
  ['a host that begins like ours', 'http://localhost:4000.evil.example.com'],
  ['a host that ends like ours', 'http://evillocalhost:4000'],
  ['a name before ours', 'http://localhost:4000@evil.example.com'],
  ['our host by https', 'https://localhost:4000'],
  ['another port of this machine', 'http://localhost:4001'],
])('%s is turned away before the upgrade, whatever cookie it brings', async (_what, foreign) => {
  expect(await openSocket({ origin: foreign, cookie: await sessionCookie() }).upgrade()).toBe(403)
})

test('our own page gets in with its cookie, a program with its token', async () => {
  const page = await openSocket({ origin, cookie: await sessionCookie() }).init()
  expect(await page.subscribe('1', badge)).toMatchObject({
    payload: { data: { notificationBadge: { unread: 0 } } },
  })
  const program = await openSocket({}).init({ authorization: `Bearer ${token}` })
  expect(await program.subscribe('1', badge)).toMatchObject({ type: 'next' })
})

test.each([
  ['nobody', { origin }, undefined, 4401],
  ['a worthless cookie', { origin, cookie: `lanyard-4000=${'A'.repeat(43)}` }, undefined, 4401],
  ['a good cookie without the origin of a browser', { cookie: 'own' }, undefined, 4401],
  ['a worthless token', {}, { authorization: `Bearer ${token.slice(0, -1)}` }, 4401],
  ['a token that is no text', {}, { authorization: { token } }, 4401],
  ['a token under another name', {}, { token, Authorization: `Bearer ${token}` }, 4401],
  ['a cookie and a token', { origin, cookie: 'own' }, { authorization: `Bearer ${token}` }, 4400],
  ['a cookie and a token without an origin', { cookie: 'own' }, { authorization: `Bearer ${token}` }, 4400],
  [
    'a worthless cookie and a token',
    { origin, cookie: 'lanyard-4000=worthless' },
    { authorization: `Bearer ${token}` },
    4400,
  ],
])('%s is closed', async (_what, headers, payload, code) => {
  const own = 'cookie' in headers && headers.cookie === 'own' ? { cookie: await sessionCookie() } : {}
  const socket = await openSocket({ ...headers, ...own }).ready()
  socket.send({ type: 'connection_init', payload })
  expect(await socket.closed).toBe(code)
})

async function ownSocket(on: TestServer = server, cookie?: string): Promise<RawSocket> {
  return openSocket({ origin, cookie: cookie ?? (await sessionCookie()) }, on).init()
}

test.each([
  ['a query', '{ me { id } }', 'BAD_REQUEST'],
  [
    'a mutation',
    'mutation { setAllNotificationsRead(input: { read: true }) { badge { unread } } }',
    'BAD_REQUEST',
  ],
  ['a guess', 'mutation { signIn(input: { login: "a", password: "b" }) { status } }', 'BAD_REQUEST'],
  ['the schema', '{ __schema { types { name } } }', 'BAD_REQUEST'],
  [
    'the schema as a subscription',
    'subscription { __schema { types { name } } }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'two subscriptions in one',
    'subscription { notificationBadge { unread } other: notificationBadge { unread } }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['an unknown field', 'subscription { notificationBadge { MARKER } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['no GraphQL', 'MARKER {', 'GRAPHQL_PARSE_FAILED'],
  [
    'a hundred names for one field',
    `subscription { notificationBadge { ${Array.from({ length: 16 }, (_, index) => `a${index}: unread`).join(' ')} } }`,
    'DOCUMENT_TOO_COSTLY',
  ],
  [
    'more tokens than a document may have',
    `subscription { notificationBadge { ${'unread '.repeat(2000)} } }`,
    'GRAPHQL_PARSE_FAILED',
  ],
])('a socket refuses %s, and goes on', async (_what, query, code) => {
  const socket = await ownSocket()
  const { type, payload } = await socket.subscribe('1', query)
  expect(type).toBe('error')
  expect(payload).toContainEqual(expect.objectContaining({ extensions: { code } }))
  expect(await socket.subscribe('2', badge)).toMatchObject({ type: 'next' })
})

test('a socket takes twenty subscriptions, and the next one when one has ended', async () => {
  const socket = await ownSocket()
  const ids = Array.from({ length: 10 }, (_, index) => String(index))
  for (const id of ids) expect(await socket.subscribe(id, badge)).toMatchObject({ type: 'next' })
  // Half of them a second later: a socket may not say more than twenty things a second.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  for (const id of ids) expect(await socket.subscribe(`1${id}`, badge)).toMatchObject({ type: 'next' })
  expect(await socket.subscribe('one more', badge)).toMatchObject({
    type: 'error',
    payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } }],
  })
  socket.send({ type: 'complete', id: '0' })
  expect(await socket.subscribe('instead', badge)).toMatchObject({ type: 'next' })
})

test('a session has five sockets, and another one when one has gone; other sessions have their own', async () => {
  const cookie = await sessionCookie()
  const sockets = await Promise.all(Array.from({ length: 5 }, () => ownSocket(server, cookie)))
  const sixth = await openSocket({ origin, cookie }).ready()
  sixth.send({ type: 'connection_init' })
  expect(await sixth.closed).toBe(4503)
  await ownSocket()

  sockets[0]?.terminate()
  await sockets[0]?.closed
  await expect.poll(() => isAdmitted(cookie)).toBe(true)
})

async function isAdmitted(cookie: string): Promise<boolean> {
  const socket = await openSocket({ origin, cookie }).ready()
  socket.send({ type: 'connection_init' })
  const ack = socket.message(({ type }) => type === 'connection_ack').then(() => true)
  return Promise.race([ack, socket.closed.then(() => false)])
}

test('a process with as many sockets as it can hold asks the next one to come later', async () => {
  const full = await createTestServer({ databaseUrl: server.databaseUrl, limits: { socketsPerProcess: 1 } })
  await ownSocket(full)
  expect(await openSocket({ origin, cookie: await sessionCookie() }, full).upgrade()).toBe(503)
})

test.each([
  ['a frame of more than 64 KB', (socket: RawSocket) => socket.sendText('x'.repeat(65_537)), 1009],
  ['what is no JSON', (socket: RawSocket) => socket.sendText('MARKER'), 4400],
  [
    'a message that only servers send',
    (socket: RawSocket) => socket.send({ type: 'next', id: '1', payload: { data: null } }),
    4400,
  ],
  ['an unknown kind of message', (socket: RawSocket) => socket.send({ type: 'MARKER' }), 4400],
  ['a second introduction', (socket: RawSocket) => socket.send({ type: 'connection_init' }), 4429],
  [
    'one id for two subscriptions',
    (socket: RawSocket) => [1, 2].map(() => void socket.subscribe('1', badge).catch(() => {})),
    4409,
  ],
  [
    'more than twenty messages in a second',
    (socket: RawSocket) => Array.from({ length: 45 }, () => socket.send({ type: 'ping' })),
    4400,
  ],
  [
    "more than twenty of the protocol's own pings in a second",
    (socket: RawSocket) => Array.from({ length: 45 }, () => socket.ping()),
    4400,
  ],
])('%s closes the socket', async (_what, attack, code) => {
  const socket = await ownSocket()
  attack(socket)
  expect(await socket.closed).toBe(code)
})

test('before it has said who it is a socket can neither ask nor stay', async () => {
  const impatient = await createTestServer({
    databaseUrl: server.databaseUrl,
    limits: { socketInitSeconds: 0.2 },
  })
  const asking = await openSocket({ origin, cookie: await sessionCookie() }, impatient).ready()
  asking.send({ type: 'subscribe', id: '1', payload: { query: badge } })
  expect(await asking.closed).toBe(4401)
  const silent = await openSocket({ origin, cookie: await sessionCookie() }, impatient).ready()
  expect(await silent.closed).toBe(4408)
  const large = await openSocket({ origin }, impatient).ready()
  large.sendText('x'.repeat(1_000_000))
  expect(await large.closed).toBe(1009)
})

test('a server that stops says so to who is connected', async () => {
  const stopping = await createTestServer({ databaseUrl: server.databaseUrl })
  const socket = await ownSocket(stopping)
  await stopping.stop()
  expect(await socket.closed).toBe(1001)
})
