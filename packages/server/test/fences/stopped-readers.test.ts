import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createOrm } from '../../src/database/orm.ts'
import type { User } from '../../src/users/user.entity.ts'
import { badgeSubscription } from '../badge-follower.ts'
import { Builders } from '../builders.ts'
import { createTestDatabase } from '../database.ts'
import { startServerProcess } from '../server-process.ts'
import { TestClock } from '../test-clock.ts'

const people = 10
const readersOfEach = 20
const events = 100_000
/** As many as warm the server's code. */
const eventsBefore = 3000
/** So often each is told of one event at a time, until the kernel keeps no more for those who do not read. */
const fillingRounds = 100
/** Shorter than the events take, so that it is over by their end. */
const stalledSeconds = 15
/** Bytes a second of a reader that is slow, but reads. */
const steadyBytes = 4_000_000

const database = await createTestDatabase()
const orm = await createOrm(database.url)
const kysely = orm.em.fork().getKysely()
const build = new Builders(orm.em, new TestClock())
const publisher = new pg.Client({ connectionString: database.url })
await publisher.connect()
await publisher.query('set synchronous_commit = off')
afterAll(async () => {
  await publisher.end()
  await orm.close(true)
  await database.drop()
})

const documents = join(import.meta.dirname, '../../../client/src/graphql')
// Hashes with their documents: the client's build writes it so.
const manifest = JSON.parse(await readFile(join(documents, 'trusted-documents.json'), 'utf8')) as object
const [hash] =
  Object.entries(manifest).find(([, text]) => String(text).startsWith('subscription BadgeChanges')) ?? []

/** As our own page sends it. */
const byHash = { query: '', extensions: { documentId: `sha256:${hash}` } }
const asText = { query: badgeSubscription }
/** A name of 45 KB in each frame: what the kernel keeps for a reader that does not read is soon full. */
const asLongText = {
  query: `subscription { notificationBadge { version ${'unread'.repeat(7500)}: unread } }`,
}

/** A socket of a session of its own that follows the person's badge, and has been told it once. */
async function follow(url: string, user: User, payload: object): Promise<WebSocket> {
  const { key } = await build.session(user)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: { cookie: `lanyard-4000=${key}`, origin: 'http://localhost:4000' },
  })
  // The server cuts some of them off.
  socket.on('error', () => {})
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await once(socket, 'message')
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }))
  await once(socket, 'message')
  return socket
}

interface Moment {
  version: number
  /** In milliseconds since 1970. */
  at: number
}

/** One who reads what comes as it comes, and remembers when. */
class HealthyReader {
  readonly #seen: Moment[] = []

  constructor(socket: WebSocket) {
    socket.on('message', (data) => {
      const version = Number(/"version":(\d+)/.exec((data as Buffer).toString())?.[1])
      this.#seen.push({ version, at: Date.now() })
    })
  }

  get newest(): number {
    return this.#seen.at(-1)?.version ?? 0
  }

  /** In how many milliseconds after its commit 99 of 100 versions were seen, or a newer one in their place. */
  wait99(committed: readonly Moment[]): number {
    let index = 0
    const waits = committed.map(({ version, at }) => {
      while ((this.#seen[index]?.version ?? Infinity) < version) index++
      return (this.#seen[index]?.at ?? Infinity) - at
    })
    return waits.toSorted((one, other) => one - other)[Math.floor(waits.length * 0.99)] ?? Infinity
  }
}

/** Reads a little, rests, and reads on. */
function readSteadily(socket: WebSocket): void {
  let bytes = 0
  socket.on('message', (data) => {
    bytes += (data as Buffer).length
    if (bytes < steadyBytes / 20) return
    bytes = 0
    socket.pause()
    setTimeout(() => socket.resume(), 50)
  })
}

/**
 * Tells each of the people in turn of an event, each in a transaction of its own. With a rest after every fifty, as
 * otherwise the database takes all of the machine that it shares with the server.
 */
async function publish(users: readonly User[], count: number): Promise<void> {
  const ids = users.map(({ id }) => `'${id}'`).join()
  await publisher.query(`do $$
    declare
      ids uuid[] := array[${ids}];
      person uuid;
      newest int;
    begin for event in 1..${count} loop
      person := ids[1 + event % ${users.length}];
      insert into badge_user values (person, 1) on conflict (user_id)
        do update set version = badge_user.version + 1 returning version into newest;
      perform pg_notify('inbox', json_build_object('userId', person, 'badge', json_build_object(
        'version', newest, 'unread', newest, 'alerts', 0, 'accounts', json_build_array()))::text);
      insert into committed values (person, newest, clock_timestamp());
      commit;
      if event % 50 = 0 then perform pg_sleep(0.01); end if;
    end loop; end $$`)
}

/** What the operating system gives the process, in bytes. */
function residentBytes(pid: number | undefined): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) * 1024
}

test(`${people * readersOfEach} readers that stop cost nothing while ${events} events arrive, and are closed; others are told at once`, async () => {
  await sql`create unlogged table committed (user_id uuid, version int, at timestamptz)`.execute(kysely)
  await using server = startServerProcess(
    {
      DATABASE_URL: database.url,
      PUBLIC_URL: 'http://localhost:4000',
      LIMITS: JSON.stringify({ socketStalledSeconds: stalledSeconds }),
    },
    ['--client-directory', documents],
  )
  await server.until('Ctrl-C')
  const started = server.output()
  const url = /http:\/\/\S+/.exec(started)?.[0] ?? ''

  const users = await Promise.all(Array.from({ length: people }, () => build.user()))
  const [user] = users
  if (!user) throw new Error('there is nobody')
  const healthy = await Promise.all(
    [byHash, asText].map(async (payload) => new HealthyReader(await follow(url, user, payload))),
  )
  const seenUpTo = async (version: number) => {
    const newest = () => healthy.map((reader) => reader.newest)
    await expect.poll(newest, { interval: 5, timeout: 30_000 }).toEqual([version, version])
  }
  const versionBefore = eventsBefore / people
  await publish(users, eventsBefore)
  await seenUpTo(versionBefore)

  const stopped = await Promise.all(
    users.flatMap((reading) =>
      Array.from({ length: readersOfEach }, async (_, index) => {
        // One of each by the hash: its frames are so small that the kernel may keep them all.
        const socket = await follow(url, reading, index === 0 ? byHash : asLongText)
        socket.pause()
        return { socket, isFull: index > 0 }
      }),
    ),
  )
  const steady = await follow(url, user, asLongText)
  readSteadily(steady)
  const residentBefore = residentBytes(server.child.pid)
  for (let round = 1; round <= fillingRounds; round++) {
    await publish(users, people)
    await seenUpTo(versionBefore + round)
  }

  let residentMost = residentBytes(server.child.pid)
  const watch = setInterval(() => {
    residentMost = Math.max(residentMost, residentBytes(server.child.pid))
  }, 1000)
  await publish(users, events)
  await seenUpTo(versionBefore + fillingRounds + events / people)
  clearInterval(watch)

  // Queued for each of them it would be 85 GB.
  expect(residentMost - residentBefore).toBeLessThan(100_000_000)
  const committed =
    await sql<Moment>`select version, extract(epoch from at)::float8 * 1000 as at from committed
    where user_id = ${user.id} and version > ${versionBefore + fillingRounds} order by version`.execute(
      kysely,
    )
  expect(committed.rows).toHaveLength(events / people)
  const waits = healthy.map((reader) => reader.wait99(committed.rows))
  expect(Math.max(...waits)).toBeLessThan(1000)

  // The server has given them up; a paused socket learns of it when it reads again.
  await Promise.all(
    stopped.map(async ({ socket, isFull }) => {
      const closed = once(socket, 'close')
      socket.resume()
      if (!isFull) socket.terminate()
      await closed
    }),
  )
  expect(steady.readyState).toBe(WebSocket.OPEN)
  expect(server.child.exitCode).toBeNull()
  expect(server.output()).toBe(started)
}, 180_000)
