import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { BadgeFollower, badgeSubscription } from './badge-follower.ts'
import type { User } from '../src/users/user.entity.ts'
import { createTestServer } from './server.ts'

const readers = 50
const events = 20_000
const stalledSeconds = 4

const server = await createTestServer({ limits: { socketStalledSeconds: stalledSeconds } })

/** A raw socket that subscribes to the badge and then takes nothing more off the wire. */
async function stoppedReader(user: User): Promise<WebSocket> {
  const { key } = await server.build.session(user)
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: { cookie: `lanyard-4000=${key}`, origin: 'http://localhost:4000' },
  })
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await new Promise((resolve) => socket.once('message', resolve))
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: badgeSubscription } }))
  await new Promise((resolve) => socket.once('message', resolve))
  socket.pause()
  return socket
}

/** Adds items one transaction at a time, each telling every process, as fast as the database can. */
async function publishInDatabase(userId: string, accountId: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  await client.query(`do $$ begin for event in 1..${events} loop
    insert into badge_user values ('${userId}', 1) on conflict (user_id) do update set version = badge_user.version + 1;
    update badge set unread = unread + 1 where user_id = '${userId}' and account_id = '${accountId}';
    perform pg_notify('inbox', json_build_object('userId', v.user_id, 'badge', json_build_object(
        'version', v.version, 'unread', sum(b.unread), 'alerts', sum(b.alerts), 'accounts', json_agg(
          json_build_object('accountId', b.account_id, 'unread', b.unread, 'alerts', b.alerts))))::text)
      from badge_user v join badge b on b.user_id = v.user_id
      where v.user_id = '${userId}' group by v.user_id, v.version;
    commit;
  end loop; end $$`)
  await client.end()
}

test(`${readers} readers that stop cost nothing while ${events} events arrive, and are closed`, async () => {
  const { user, account } = await server.build.member()
  // Forty accounts make a frame of some 4 KB: in all far more than the kernel holds for a reader that does not read.
  const kysely = server.orm.em.fork().getKysely()
  await sql`insert into badge select ${user.id}, gen_random_uuid(), 0, 0 from generate_series(1, 39)`.execute(
    kysely,
  )
  await sql`insert into badge values (${user.id}, ${account.id}, 0, 0)`.execute(kysely)

  const stopped = await Promise.all(Array.from({ length: readers }, () => stoppedReader(user)))
  const healthy = new BadgeFollower(await server.socketAs(user), 1)
  await healthy.until(() => true)
  const uncaught: unknown[] = []
  const remember = (error: unknown) => uncaught.push(error)
  process.on('uncaughtExceptionMonitor', remember)
  const heldBefore = heldBytes()

  await publishInDatabase(user.id, account.id)
  expect(await healthy.until(({ version }) => version === events)).toMatchObject({ unread: events })
  // Queued for every reader it would be four thousand million bytes.
  expect(heldBytes() - heldBefore).toBeLessThan(50_000_000)
  expect(uncaught).toEqual([])
  process.off('uncaughtExceptionMonitor', remember)

  // The server gives them up; a paused socket learns of it when it reads again.
  await sleep((stalledSeconds + 1) * 1000)
  const received = await Promise.all(stopped.map(countUntilClosed))
  for (const frames of received) expect(frames).toBeLessThan(events)
}, 120_000)

/** What is in use once everything unreachable is gone. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Frames that were still on the way, up to the end of the socket that was cut off. */
function countUntilClosed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    let frames = 0
    socket.on('message', () => frames++)
    socket.once('close', () => resolve(frames))
    socket.resume()
  })
}
