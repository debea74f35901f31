import { expect, test } from 'vitest'
import { RawConnection } from '../raw-http.ts'
import { createTestServer } from '../server.ts'

const server = await createTestServer()
const { user } = await server.build.member()
const browser = await server.as(user)

const post = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
const get = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n'
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`
/** What a proxy in front may take for a part of the body, and the server for another request. */
const smuggled = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'

test.each([
  ['a length and chunks', `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunks and a length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`],
  ['a blank before the colon', `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
  ['an unknown coding', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['chunks that are not the last coding', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  [
    'two codings in two headers',
    `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
  ],
  ['a coding on a folded line', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  ['a folded header', `${post}X-Note: one\r\n two\r\nContent-Length: 2\r\n\r\n{}`],
  ['a header folded with a tab', `${post}X-Note: one\r\n\ttwo\r\nContent-Length: 2\r\n\r\n{}`],
  ['LF for every CRLF', `${post}Content-Length: 2\r\n\r\n{}`.replaceAll('\r\n', '\n')],
  ['LF after one header', 'POST /graphql HTTP/1.1\r\nHost: localhost\nContent-Length: 2\r\n\r\n{}'],
  ['LF at the end of the head', `${post}Content-Length: 2\r\n\n{}`],
  ['CR without LF', 'POST /graphql HTTP/1.1\r\nHost: localhost\rContent-Length: 2\r\n\r\n{}'],
  ['two lengths', `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
  ['one length twice', `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
  ['a list of lengths', `${post}Content-Length: 2, 2\r\n\r\n{}`],
  ['a length with a sign', `${post}Content-Length: +2\r\n\r\n{}`],
  ['a length below nothing', `${post}Content-Length: -2\r\n\r\n{}`],
  ['a length in hexadecimal', `${post}Content-Length: 0x2\r\n\r\n{}`],
  ['a length with a blank', `${post}Content-Length: 2 2\r\n\r\n{}`],
  ['a length past any number', `${post}Content-Length: 99999999999999999999999\r\n\r\n{}`],
  ['a chunk size with a prefix', `${chunked}0x2\r\n{}\r\n0\r\n\r\n`],
  ['a chunk size with a letter', `${chunked}2x\r\n{}\r\n0\r\n\r\n`],
  ['a chunk size below nothing', `${chunked}-2\r\n{}\r\n0\r\n\r\n`],
  ['a blank before a chunk size', `${chunked} 2\r\n{}\r\n0\r\n\r\n`],
  ['a chunk size past any number', `${chunked}fffffffffffffffff\r\n{}\r\n0\r\n\r\n`],
  ['LF after a chunk size', `${chunked}2\n{}\r\n0\r\n\r\n`],
  ['LF after the extension of a chunk', `${chunked}2;\n{}\r\n0\r\n\r\n`],
  ['a chunk longer than its size', `${chunked}2\r\n{}xx0\r\n\r\n`],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['U+0000 in a header', `${get}X-Note: a\0b\r\n\r\n`],
  ['a blank in the name of a header', `${get}X Note: a\r\n\r\n`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['another version', 'GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n'],
  ['an unknown method', 'SHOUT /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'],
])('a request with %s is refused, and nothing after it is read', async (_what, bytes) => {
  const connection = await RawConnection.open(server.url)
  connection.write(bytes + smuggled)
  await connection.closed()
  expect(connection.statuses).toEqual([400])
})

test('a head of more than 16 KB is refused, and so is one of more than a hundred headers', async () => {
  const oneLong = await RawConnection.open(server.url)
  oneLong.write(`${get}X-Note: ${'a'.repeat(17_000)}\r\n\r\n`)
  await oneLong.closed()
  expect(oneLong.statuses).toEqual([431])

  for (const [count, status] of [
    [98, 200],
    [99, 431],
    [2400, 431],
  ] as const) {
    const many = await RawConnection.open(server.url)
    many.write(`${get}Connection: close\r\n${'a: b\r\n'.repeat(count)}\r\n`)
    await many.closed()
    expect({ count, statuses: many.statuses }).toEqual({ count, statuses: [status] })
  }
})

const slowHeads = 200
const slowBodies = 20

test('requests that only drip are ended, the head after 10 seconds and the body after 30, and others are served meanwhile', async () => {
  const startedAt = performance.now()
  const secondsNow = () => (performance.now() - startedAt) / 1000
  const open = (start: string) => async () => {
    const connection = await RawConnection.open(server.url)
    connection.write(start)
    return connection
  }
  const heads = await Promise.all(Array.from({ length: slowHeads }, open(get)))
  const bodies = await Promise.all(
    Array.from({ length: slowBodies }, open(`${post}Content-Length: 1000\r\n\r\n{`)),
  )
  const drip = setInterval(() => {
    for (const connection of heads) connection.write('X-Note: a\r\n')
    for (const connection of bodies) connection.write(' ')
  }, 500)
  const endOf = async (connection: RawConnection) => {
    await connection.closed(60_000)
    return { statuses: connection.statuses, second: secondsNow() }
  }
  const ends = Promise.all([...heads, ...bodies].map(endOf))

  for (let request = 0; request < 20; request++) {
    const askedAt = performance.now()
    expect((await browser.query('{ me { id } }')).data).toEqual({ me: { id: user.id } })
    expect(performance.now() - askedAt).toBeLessThan(1000)
  }

  for (const [index, { statuses, second }] of (await ends).entries()) {
    expect(statuses).toEqual([408])
    // What is given beyond the limit is for a machine that is busy with something else.
    const limit = index < slowHeads ? 10 : 30
    expect(second).toBeGreaterThan(limit - 1)
    expect(second).toBeLessThan(limit + 15)
  }
  clearInterval(drip)
}, 90_000)
