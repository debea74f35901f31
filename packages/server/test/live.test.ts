import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { newId } from '../src/lib/ids.ts'
import { BadgeFollower } from './badge-follower.ts'
import { createTestServer } from './server.ts'

const first = await createTestServer()
const second = await createTestServer({ databaseUrl: first.databaseUrl, clock: first.clock })

/** Somebody who is told of events in an account, and the token that publishes there. */
async function recipientWithPublisher() {
  const { user, account, accountUser } = await first.build.member({ roles: ['admin'] })
  const { token } = await first.build.token(accountUser)
  const publish = (type = 'TICKET_ASSIGNED', title = 'Something happened') =>
    first
      .withToken(token)
      .mutate(
        'publishEvent',
        { accountId: account.id, type, recipients: [user.username], title, body: 'Look at it.' },
        'accepted notified',
      )
  return { user, account, accountUser, token, publish }
}

test('an event published on one server moves the badge in every tab on both', async () => {
  const { user, publish } = await recipientWithPublisher()
  const tabs = [
    new BadgeFollower(await first.socketAs(user)),
    new BadgeFollower(await first.socketAs(user)),
    new BadgeFollower(await second.socketAs(user)),
  ]
  for (const tab of tabs) expect(await tab.until(() => true)).toMatchObject({ unread: 0, version: 0 })

  const answer = await publish()
  expect(answer.data.publishEvent).toEqual({ accepted: true, notified: 1 })
  for (const tab of tabs) {
    expect(await tab.until(({ unread }) => unread === 1)).toMatchObject({ alerts: 0, version: 1 })
  }
})

test('marking read in one tab moves the other, and the answer carries the same badge', async () => {
  const { user, account, publish } = await recipientWithPublisher()
  await publish('TICKET_ASSIGNED')
  await publish('NETWORK_ALERT')
  const otherTab = new BadgeFollower(await second.socketAs(user))
  expect(await otherTab.until(() => true)).toMatchObject({ unread: 2, alerts: 1, version: 2 })

  const browser = await first.as(user)
  const { data } = await browser.query(
    '{ me { notifications(first: 1, kind: ALERT) { nodes { id kind } } } }',
  )
  const [alert] = data.me.notifications.nodes
  const marked = await browser.mutate(
    'setNotificationsRead',
    { ids: [alert.id], read: true },
    'badge { unread alerts version accounts { accountId unread alerts } } notifications { id readAt }',
  )
  const expected = {
    unread: 1,
    alerts: 0,
    version: 3,
    accounts: [{ accountId: account.id, unread: 1, alerts: 0 }],
  }
  expect(marked.data.setNotificationsRead.badge).toEqual(expected)
  expect(marked.data.setNotificationsRead.notifications).toMatchObject([{ id: alert.id }])
  expect(await otherTab.until(({ version }) => version === 3)).toEqual(expected)

  await browser.mutate('setAllNotificationsRead', { read: true }, 'badge { unread }')
  expect(await otherTab.until(({ version }) => version === 4)).toMatchObject({ unread: 0, alerts: 0 })
})

test('a tab that connects later gets the present state first, and then only newer versions', async () => {
  const { user, publish } = await recipientWithPublisher()
  for (let event = 0; event < 5; event++) await publish()
  const tab = new BadgeFollower(await second.socketAs(user))
  expect(await tab.until(() => true)).toMatchObject({ unread: 5, version: 5 })

  await Promise.all(Array.from({ length: 20 }, () => publish()))
  await tab.until(({ unread }) => unread === 25)
  const versions = tab.badges.map(({ version }) => version)
  expect(versions).toEqual([...new Set(versions)].toSorted((one, other) => one - other))
})

test('what was missed while the listening connection was down is made good when it is back', async () => {
  const { user, publish } = await recipientWithPublisher()
  const tab = new BadgeFollower(await second.socketAs(user))
  await tab.until(() => true)

  const kysely = first.orm.em.fork().getKysely()
  const killed = await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ilike 'listen %'`.execute(kysely)
  expect(killed.rows.length).toBeGreaterThan(0)
  await publish()

  expect(await tab.until(({ unread }) => unread === 1)).toMatchObject({ version: 1 })
})

test('a badge of more accounts than a NOTIFY can carry still arrives', async () => {
  const { user, publish } = await recipientWithPublisher()
  const kysely = first.orm.em.fork().getKysely()
  await sql`insert into badge select ${user.id}, gen_random_uuid(), 1, 0 from generate_series(1, 100)`.execute(
    kysely,
  )
  const tab = new BadgeFollower(await second.socketAs(user))
  expect(await tab.until(() => true)).toMatchObject({ unread: 100 })

  await publish()
  const badge = await tab.until(({ unread }) => unread === 101)
  expect(badge.accounts).toHaveLength(101)
})

test('a token follows the badge and the new items of its own account only', async () => {
  const { user, account, token, publish } = await recipientWithPublisher()
  const other = await first.build.member({ user, roles: ['admin'] })
  const { token: otherToken } = await first.build.token(other.accountUser)
  const follower = new BadgeFollower(second.socketWithToken(otherToken))
  expect(await follower.until(() => true)).toMatchObject({ unread: 0 })

  await publish()
  expect(await follower.until(({ version }) => version === 1)).toMatchObject({ unread: 0, accounts: [] })
  const badges = await second
    .withToken(token)
    .query('{ me { notificationBadge { unread accounts { accountId } } } }')
  expect(badges.data.me.notificationBadge).toEqual({ unread: 1, accounts: [{ accountId: account.id }] })
})

test('new items are pushed whole to who may read them', async () => {
  const { user, account, publish } = await recipientWithPublisher()
  const client = await second.socketAs(user)
  const items = client.iterate<{ notificationAdded: { title: string } }>({
    query: 'subscription { notificationAdded { id title kind account { id } readAt } }',
  })
  // The badge's snapshot tells that the socket listens.
  await new BadgeFollower(client).until(() => true)
  await publish('NETWORK_ALERT', 'Core switch unreachable')

  const { value } = await items.next()
  expect(value?.data?.notificationAdded).toMatchObject({
    title: 'Core switch unreachable',
    kind: 'ALERT',
    account: { id: account.id },
    readAt: null,
  })
})

test('signing out closes the sockets of that session on every server, and of no other', async () => {
  const { user } = await recipientWithPublisher()
  const staying = new BadgeFollower(await second.socketAs(user))
  const { key } = await first.build.session(user)
  const leaving = second.socketWithCookie(key)
  const closed = new Promise<number>((resolve) => {
    leaving.on('closed', (event) => resolve((event as { code: number }).code))
  })
  await new BadgeFollower(leaving).until(() => true)
  await staying.until(() => true)

  const answer = await first.withCookie(key).query('mutation { signOut { me { id } } }')
  expect(answer.data).toEqual({ signOut: { me: null } })
  expect(await closed).toBe(4401)
  expect((await first.withCookie(key).query('{ me { id } }')).data).toEqual({ me: null })

  expect(staying.badges).toHaveLength(1)
})

test('deleting a token closes its sockets on every server', async () => {
  const { user, accountUser } = await recipientWithPublisher()
  const { token, id } = await first.build.token(accountUser)
  const client = second.socketWithToken(token)
  const closed = new Promise<number>((resolve) => {
    client.on('closed', (event) => resolve((event as { code: number }).code))
  })
  await new BadgeFollower(client).until(() => true)

  const browser = await first.as(user)
  await browser.mutate('deletePersonalAccessToken', { personalAccessTokenId: id }, 'removedId')
  expect(await closed).toBe(4401)
})

test('an event for who switched the type off makes no item and moves no badge', async () => {
  const { user, accountUser, publish } = await recipientWithPublisher()
  const browser = await first.as(user)
  const tab = new BadgeFollower(await second.socketAs(user))
  await tab.until(() => true)
  const preferences = [{ eventType: 'IMPORT_FAILED', channels: [] }]
  await browser.mutate(
    'setNotificationPreferences',
    { accountUserId: accountUser.id, preferences },
    'accountUser { id }',
  )

  expect((await publish('IMPORT_FAILED')).data.publishEvent).toEqual({ accepted: true, notified: 0 })
  expect((await publish('IMPORT_COMPLETED')).data.publishEvent).toEqual({ accepted: true, notified: 1 })
  expect(await tab.until(({ unread }) => unread > 0)).toMatchObject({ unread: 1, version: 1 })
  const { data } = await browser.query(
    '{ me { notificationBadge { version } notifications(first: 5) { nodes { eventType } } } }',
  )
  expect(data.me).toEqual({
    notificationBadge: { version: 1 },
    notifications: { nodes: [{ eventType: 'IMPORT_COMPLETED' }] },
  })
})

test('the count, the rows and the badge agree after a storm of publishing and reading', async () => {
  const { user, publish } = await recipientWithPublisher()
  const browser = await first.as(user)
  const tab = new BadgeFollower(await second.socketAs(user))
  const storm: Promise<unknown>[] = []
  for (let round = 0; round < 30; round++) {
    storm.push(publish(round % 3 === 0 ? 'NETWORK_ALERT' : 'TASK_ASSIGNED'))
    if (round % 5 === 0)
      storm.push(browser.mutate('setAllNotificationsRead', { read: round % 2 === 0 }, 'badge { version }'))
    if (round % 7 === 0) await sleep(2)
  }
  await Promise.all(storm)

  const { data } = await browser.query(`{ me {
    notificationBadge { unread alerts version }
    unread: notifications(first: 1, unread: true) { totalCount }
    alerts: notifications(first: 1, unread: true, kind: ALERT) { totalCount }
    all: notifications(first: 1) { totalCount }
  } }`)
  const { notificationBadge: badge, unread, alerts, all } = data.me
  expect(all.totalCount).toBe(30)
  expect(badge).toMatchObject({ unread: unread.totalCount, alerts: alerts.totalCount, version: 36 })
  expect(await tab.until(({ version }) => version === 36)).toMatchObject({
    unread: badge.unread,
    alerts: badge.alerts,
  })
})

test('ids made in one millisecond are in order', () => {
  const ids = Array.from({ length: 1000 }, () => newId())
  expect(ids).toEqual(ids.toSorted())
})
