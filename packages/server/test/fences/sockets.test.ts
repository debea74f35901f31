import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { heldBytes } from '../held-bytes.ts'
import { RawConnection } from '../raw-http.ts'
import { RawSocket } from '../raw-socket.ts'
import { createTestServer, refusalOf, type TestServer } from '../server.ts'

const server = await createTestServer()
const { user, accountUser } = await server.build.member()
const { token } = await server.build.token(accountUser)
const origin = 'http://localhost:4000'
const badge = 'subscription { notificationBadge { unread } }'

const open: RawSocket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate()
})

/** A page of ours with a session of its own, which has not said anything yet. */
async function silentSocket(on: TestServer = server): Promise<RawSocket> {
  const { key } = await server.build.session(user)
  const socket = new RawSocket(on.url, { origin, cookie: `lanyard-4000=${key}` })
  open.push(socket)
  return socket.ready()
}

const admittedSocket = async (on?: TestServer) => (await silentSocket(on)).init()

test.each([
  ['who has said who it is', admittedSocket],
  ['who has not', silentSocket],
])('a message of a megabyte closes the socket of %s, in one frame and in many', async (_who, connect) => {
  const inOne = await connect()
  inOne.sendText('x'.repeat(1_000_000))
  expect(await inOne.closed).toBe(1009)

  const inMany = await connect()
  inMany.sendFragments(Array<string>(1000).fill('x'.repeat(1000)), true)
  // No client sends a message in so many pieces.
  expect(await inMany.closed).toBe(1008)
})

test.each([
  ['who has said who it is', admittedSocket],
  ['who has not', silentSocket],
])('131,000 fragments of a byte close the socket of %s, and take little memory', async (_who, connect) => {
  const socket = await connect()
  const heldBefore = heldBytes()
  // As many as it takes before it closes.
  socket.sendFragments(Array<string>(16_000).fill('x'))
  await sleep(500)
  expect(heldBytes() - heldBefore).toBeLessThan(10_000_000)

  socket.sendFragments(Array<string>(115_000).fill('x'), true)
  expect(await socket.closed).toBe(1008)
})

test('two hundred sockets that say nothing are gone after a few seconds, and hold up nobody', async () => {
  const silent = await Promise.all(
    Array.from({ length: 200 }, () => {
      const socket = new RawSocket(server.url, { origin })
      open.push(socket)
      return socket.ready()
    }),
  )
  const startedAt = performance.now()
  const speaking = await admittedSocket()
  expect(await speaking.subscribe('1', badge)).toMatchObject({ type: 'next' })

  const codes = await Promise.all(silent.map(({ closed }) => closed))
  expect(new Set(codes)).toEqual(new Set([4408]))
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})

test('of two thousand subscriptions on one socket twenty are left', async () => {
  const patient = await createTestServer({
    databaseUrl: server.databaseUrl,
    limits: { socketMessagesPerSecond: 100_000 },
  })
  const socket = await admittedSocket(patient)
  const answers = await Promise.all(
    Array.from({ length: 2000 }, (_, index) => socket.subscribe(String(index), badge)),
  )
  const admitted = answers.filter(({ type }) => type === 'next')
  const refused = answers.filter(({ type }) => type === 'error')
  expect(admitted).toHaveLength(20)
  expect(refused).toHaveLength(1980)
  for (const { payload } of refused) {
    expect(payload).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
  }
})

test.each([
  [
    'a thousand ids that are never used again',
    (index: number) => ({ type: 'complete', id: String(index) }),
  ],
  ['a thousand pongs that nobody asked for', () => ({ type: 'pong' })],
])('%s in a second close the socket', async (_what, message) => {
  const socket = await admittedSocket()
  for (let index = 0; index < 1000; index++) socket.send(message(index))
  expect(await socket.closed).toBe(4400)
})

const malformed: [string, string | Uint8Array][] = [
  ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00, 0x80)],
  ['half of a JSON text', '{"type":"subscribe","id":"1"'],
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '7'],
  ['a list of messages', '[{"type":"ping"}]'],
  ['a message without a kind', '{"id":"1"}'],
  ['a kind that is no text', '{"type":{"type":"ping"}}'],
  ['the name of something every object has', '{"type":"constructor"}'],
  ['a subscription without an id', '{"type":"subscribe","payload":{"query":"{ me { id } }"}}'],
  ['an id that is no text', '{"type":"subscribe","id":1,"payload":{"query":"{ me { id } }"}}'],
  ['no payload', '{"type":"subscribe","id":"1"}'],
  ['a document that is no text', '{"type":"subscribe","id":"1","payload":{"query":7}}'],
  [
    'variables that are a list',
    `{"type":"subscribe","id":"1","payload":{"query":"${badge}","variables":[]}}`,
  ],
  [
    'lists 30,000 deep',
    `{"type":"subscribe","id":"1","payload":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
  ],
]

test.each(malformed)('%s closes the socket, and the server goes on', async (_what, message) => {
  const socket = await admittedSocket()
  if (typeof message === 'string') socket.sendText(message)
  else socket.sendBytes(message)
  expect(await socket.closed).toBe(4400)
  expect((await server.anonymous.query('{ me { id } }')).status).toBe(200)
})

test('text that is not UTF-8 closes the socket', async () => {
  const connection = await upgraded()
  // A whole text frame of one byte, masked with zeros, that begins a character and does not end it.
  connection.write('\x81\x81\0\0\0\0\xc3')
  await connection.closed()
  // The frame that closes: 1007 in its first two bytes.
  expect(connection.received).toContain('\x88\x02\x03\xef')
})

test('compression is never agreed upon, and a frame that says it is compressed closes the socket', async () => {
  const connection = await upgraded(
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n',
  )
  expect(connection.received).not.toMatch(/permessage-deflate|sec-websocket-extensions/i)
  connection.write('\xc1\x81\0\0\0\0x')
  await connection.closed()
  expect(connection.received).toContain('\x88\x02\x03\xea')
})

test('a frame that is not masked closes the socket', async () => {
  const connection = await upgraded()
  connection.write('\x81\x01x')
  await connection.closed()
  expect(connection.received).toContain('\x88\x02\x03\xea')
})

/** A connection on which the upgrade has been granted, and nothing been said. */
async function upgraded(headers = ''): Promise<RawConnection> {
  const connection = await RawConnection.open(server.url)
  connection.write(
    `GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Protocol: graphql-transport-ws\r\nOrigin: ${origin}\r\n${headers}\r\n`,
  )
  await expect.poll(() => connection.statuses).toEqual([101])
  return connection
}

test('who has left an account is told of nothing that happens there afterwards', async () => {
  const { account: left, accountUser: leaving, user: reader } = await server.build.member()
  const { account: kept } = await server.build.member({ user: reader })
  const admin = await server.build.member({ account: left, roles: ['admin'] })
  const otherAdmin = await server.build.member({ account: kept, roles: ['admin'] })
  const publish = async (publisher: typeof admin, title: string) => {
    const input = {
      accountId: publisher.account.id,
      type: 'TICKET_ASSIGNED',
      recipients: [reader.username],
      title,
      body: '-',
    }
    return (await server.as(publisher.user)).mutate('publishEvent', input, 'notified')
  }
  const client = await server.socketAs(reader)
  const items = client.iterate<{ notificationAdded: { title: string } }>({
    query: 'subscription { notificationAdded { title } }',
  })
  const badges = client.iterate<{ notificationBadge: { unread: number } }>({ query: badge })
  await badges.next()
  await publish(admin, 'While a member')
  expect(await items.next()).toMatchObject({
    value: { data: { notificationAdded: { title: 'While a member' } } },
  })

  const kysely = server.orm.em.fork().getKysely()
  await sql`delete from account_user where id = ${leaving.id}`.execute(kysely)
  expect(refusalOf(await publish(admin, 'Not any more'))).toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'recipients',
  })
  await publish(otherAdmin, 'Still a member')
  expect(await items.next()).toMatchObject({
    value: { data: { notificationAdded: { title: 'Still a member' } } },
  })
})

test('a token that is no more, or whose account was left, gets no socket', async () => {
  const program = new RawSocket(server.url, {})
  open.push(program)
  await program.init({ authorization: `Bearer ${token}` })

  const kysely = server.orm.em.fork().getKysely()
  await sql`delete from account_user where id = ${accountUser.id}`.execute(kysely)
  const next = new RawSocket(server.url, {})
  open.push(next)
  await next.ready()
  next.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
  expect(await next.closed).toBe(4401)
})
