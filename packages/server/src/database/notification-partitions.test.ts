import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { BadgeFollower } from '../../test/badge-follower.ts'
import { createTestServer } from '../../test/server.ts'
import { TestClock } from '../../test/test-clock.ts'
import { maintainNotificationPartitions } from './notification-partitions.ts'

const daySeconds = 86_400
const now = new Date()
const daysAgo = (days: number) => new Date(now.getTime() - days * daySeconds * 1000)

const server = await createTestServer({ clock: new TestClock(daysAgo(80)) })
const client = new pg.Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())

async function maintain(at: Date): Promise<void> {
  await client.query('begin')
  await maintainNotificationPartitions(client, at)
  await client.query('commit')
}

async function partitionsWithItems(): Promise<unknown[]> {
  const { rows } = await client.query<{ partition: string; items: number }>(
    'select tableoid::regclass::text as partition, count(*)::int as items from notification group by 1 order by 1',
  )
  return rows.map(({ partition, items }) => [partition.replace(/\d{8}/, '<week>'), items])
}

test('items outlive the retention nowhere: not in their week, not in the default partition, not in a badge', async () => {
  const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
  const other = await server.build.member({ account })
  // A token lives for 90 days, a session would not live so long.
  const token = server.withToken((await server.build.token(accountUser)).token)
  const publish = (type: string, ...recipients: string[]) =>
    token.mutate(
      'publishEvent',
      { accountId: account.id, type, recipients, title: type, body: 'Body' },
      'notified',
    )
  const inbox = async () =>
    (
      await token.query(
        '{ me { notificationBadge { unread alerts version } notifications { totalCount nodes { title } } } }',
      )
    ).data.me

  await publish('JOB_ASSIGNED', user.username, other.user.username)
  await publish('NETWORK_ALERT', user.username)
  server.clock.advanceSeconds(20 * daySeconds)
  await publish('TASK_ASSIGNED', user.username)
  const beforeReading = await inbox()
  expect(beforeReading.notificationBadge).toEqual({ unread: 3, alerts: 1, version: 3 })
  expect(await partitionsWithItems()).toEqual([['notification_default', 4]])

  await maintain(daysAgo(60))
  expect(await partitionsWithItems()).toEqual([
    ['notification_<week>', 3],
    ['notification_<week>', 1],
  ])
  expect(await inbox()).toEqual(beforeReading)

  const { id } = (await token.query('{ me { notifications(kind: ALERT) { nodes { id } } } }')).data.me
    .notifications.nodes[0]
  await token.mutate('setNotificationsRead', { ids: [id], read: true }, 'badge { version }')
  const tab = new BadgeFollower(server.socketWithToken((await server.build.token(accountUser)).token))
  expect(await tab.until(() => true)).toMatchObject({ unread: 2, alerts: 0, version: 4 })

  await maintain(daysAgo(40))
  expect(await inbox()).toEqual({
    notificationBadge: { unread: 1, alerts: 0, version: 5 },
    notifications: { totalCount: 1, nodes: [{ title: 'TASK_ASSIGNED' }] },
  })
  expect(await tab.until(({ version }) => version === 5)).toMatchObject({ unread: 1, alerts: 0 })
  const { rows } = await client.query('select unread from badge where user_id = $1', [other.user.id])
  expect(rows).toEqual([{ unread: 0 }])

  await maintain(now)
  expect(await inbox()).toMatchObject({
    notificationBadge: { unread: 0, alerts: 0, version: 6 },
    notifications: { totalCount: 0 },
  })
  expect(await partitionsWithItems()).toEqual([])
})

test('an item that fell into no week goes when its time has come', async () => {
  const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
  const token = server.withToken((await server.build.token(accountUser)).token)
  await token.mutate(
    'publishEvent',
    { accountId: account.id, type: 'NETWORK_ALERT', recipients: [user.username], title: 'T', body: 'B' },
    'notified',
  )
  await maintain(now)
  const { data } = await token.query(
    '{ me { notificationBadge { unread alerts } notifications { totalCount } } }',
  )
  expect(data.me).toEqual({
    notificationBadge: { unread: 0, alerts: 0 },
    notifications: { totalCount: 0 },
  })
})

test('the weeks to come have their partition, so that nothing has to move later', async () => {
  await maintain(now)
  await maintain(now)
  const { rows } = await client.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'notification'::regclass order by 1`,
  )
  const weeks = rows.map(({ name }) => name)
  const inFiveWeeks = new Date(now.getTime() + 35 * daySeconds * 1000)
    .toISOString()
    .slice(0, 10)
    .replaceAll('-', '')
  expect(weeks.filter((name) => name <= `notification_${inFiveWeeks}`).length).toBeGreaterThanOrEqual(10)
  expect(weeks).toContain('notification_default')
})
