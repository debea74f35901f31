import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createTestServer } from '../../test/server.ts'

const documents = {
  plain: 'subscription Plain { notificationBadge { unread alerts version } }',
  aliased: `subscription Aliased { live: notificationBadge { ...Part total: unread unread
    accounts { __typename id: accountId unread alerts } __typename } } fragment Part on NotificationBadge { version }`,
  optional: `subscription Optional($all: Boolean = false) { notificationBadge { unread alerts @include(if: $all) } }`,
}
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const clientDirectory = await mkdtemp(join(tmpdir(), 'lanyard-frames-'))
afterAll(() => rm(clientDirectory, { recursive: true }))
const manifest = Object.fromEntries(Object.values(documents).map((text) => [hashOf(text), text]))
await writeFile(join(clientDirectory, 'trusted-documents.json'), JSON.stringify(manifest))

const server = await createTestServer({ clientDirectory })

/** The frames of one socket, as they come. */
async function socketWith(key: string) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: { cookie: `lanyard-4000=${key}`, origin: 'http://localhost:4000' },
  })
  const frames: string[] = []
  socket.on('message', (data) => frames.push((data as Buffer).toString()))
  afterAll(() => socket.terminate())
  await once(socket, 'open')
  const send = (message: object) => socket.send(JSON.stringify(message))
  send({ type: 'connection_init' })
  await expect.poll(() => frames.shift()).toBe('{"type":"connection_ack"}')
  return { socket, frames, send }
}

async function personWithPublisher() {
  const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
  const { token } = await server.build.token(accountUser)
  const publish = (type = 'NETWORK_ALERT') =>
    server
      .withToken(token)
      .mutate(
        'publishEvent',
        { accountId: account.id, type, recipients: [user.username], title: 'News', body: '-' },
        'notified',
      )
  const { key } = await server.build.session(user)
  return { user, account, key, publish }
}

async function badgeFrames(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^lanyard_badge_frames_total (\d+)$/m.exec(text)?.[1])
}

test.each(Object.entries(documents))(
  'frames of the document "%s" are the same, byte by byte, by hash and as text',
  async (name, query) => {
    const { key, publish } = await personWithPublisher()
    const before = await badgeFrames()
    const byHash = await socketWith(key)
    const asText = await socketWith(key)
    const id = `odd "id" \\ ${name}`
    const documentId = `sha256:${hashOf(query)}`
    byHash.send({ type: 'subscribe', id, payload: { query: '', extensions: { documentId } } })
    asText.send({ type: 'subscribe', id, payload: { query } })
    for (let version = 0; version < 3; version++) {
      await expect
        .poll(() => [byHash.frames.length, asText.frames.length])
        .toEqual([version + 1, version + 1])
      await publish()
    }
    await expect.poll(() => byHash.frames.length).toBe(4)
    await expect.poll(() => asText.frames.length).toBe(4)
    expect(byHash.frames).toEqual(asText.frames)
    expect(byHash.frames[0]).toContain('"type":"next"')
    // What always has the same members is written without executing anything.
    expect((await badgeFrames()) - before).toBe(name === 'optional' ? 0 : 4)
  },
)

test('a subscription that is completed gets no more frames, and another one on the socket goes on', async () => {
  const { key, publish } = await personWithPublisher()
  const { frames, send } = await socketWith(key)
  const extensions = { documentId: `sha256:${hashOf(documents.plain)}` }
  for (const id of ['ends', 'stays']) send({ type: 'subscribe', id, payload: { query: '', extensions } })
  await expect.poll(() => frames.length).toBe(2)
  send({ type: 'complete', id: 'ends' })
  send({ type: 'ping' })
  await expect.poll(() => frames.at(-1)).toBe('{"type":"pong"}')
  frames.length = 0

  await publish()
  await expect.poll(() => frames.length).toBe(1)
  expect(frames[0]).toContain('"id":"stays"')
  // The id is free again.
  send({ type: 'subscribe', id: 'ends', payload: { query: '', extensions } })
  await expect.poll(() => frames.length).toBe(2)
})

test('a token sees the counts of its own account only', async () => {
  const { user, account, publish } = await personWithPublisher()
  const { accountUser } = await server.build.member({ user, roles: ['admin'] })
  const { token } = await server.build.token(accountUser)
  await publish()
  const badges = server.socketWithToken(token).iterate({
    query: '',
    extensions: { documentId: `sha256:${hashOf(documents.aliased)}` },
  })
  const { value } = await badges.next()
  expect(value?.data).toMatchObject({ live: { unread: 0, accounts: [] } })
  expect(JSON.stringify(value)).not.toContain(account.id)
})

test('a snapshot that cannot be read is a refusal in GraphQL form, and the socket stays', async () => {
  const { key } = await personWithPublisher()
  const { frames, send } = await socketWith(key)
  const kysely = server.orm.em.fork().getKysely()
  await sql`alter table badge_user rename to badge_user_away`.execute(kysely)
  const extensions = { documentId: `sha256:${hashOf(documents.plain)}` }
  send({ type: 'subscribe', id: '1', payload: { query: '', extensions } })
  await expect.poll(() => frames.length).toBe(2)
  await sql`alter table badge_user_away rename to badge_user`.execute(kysely)
  expect(JSON.parse(frames[0] ?? '')).toMatchObject({
    id: '1',
    type: 'next',
    payload: { data: null, errors: [{ extensions: { code: 'INTERNAL' } }] },
  })
  expect(frames[1]).toBe('{"id":"1","type":"complete"}')
  send({ type: 'subscribe', id: '2', payload: { query: '', extensions } })
  await expect.poll(() => frames[2]).toContain('"unread":0')
})
