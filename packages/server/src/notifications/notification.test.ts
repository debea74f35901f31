import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'

const server = await createTestServer()
const wholeBadge = 'badge { unread alerts version accounts { accountId unread alerts } }'

/** Somebody with two items in each of two accounts, one of each pair an alert. */
async function readerOfTwoAccounts() {
  const here = await server.build.member({ roles: ['admin'] })
  const { user } = here
  const elsewhere = await server.build.member({ user, roles: ['admin'] })
  const browser = await server.as(user)
  for (const { account } of [here, elsewhere]) {
    for (const type of ['NETWORK_ALERT', 'TASK_ASSIGNED']) {
      const input = { accountId: account.id, type, recipients: [user.username], title: type, body: '-' }
      await browser.mutate('publishEvent', input, 'notified')
    }
  }
  const { data } = await browser.query('{ me { notifications { nodes { id kind account { id } } } } }')
  const items: { id: string; kind: string; account: { id: string } }[] = data.me.notifications.nodes
  const mark = (ids: string[], read: boolean) =>
    browser.mutate('setNotificationsRead', { ids, read }, `${wholeBadge} notifications { id readAt }`)
  const markAll = (input: { read: boolean; kind?: string }) =>
    browser.mutate('setAllNotificationsRead', input, wholeBadge)
  return { user, here, elsewhere, browser, items, ids: items.map(({ id }) => id), mark, markAll }
}

test('marking counts each item once, however often it is marked or named', async () => {
  const { here, elsewhere, ids, mark } = await readerOfTwoAccounts()
  const [newest = '', alert = ''] = ids
  const marked = await mark([newest, alert, newest.toUpperCase()], true)
  const expected = [
    { accountId: here.account.id, unread: 2, alerts: 1 },
    { accountId: elsewhere.account.id, unread: 0, alerts: 0 },
  ].toSorted((one, other) => one.accountId.localeCompare(other.accountId))
  expect(marked.data.setNotificationsRead.badge).toEqual({
    unread: 2,
    alerts: 1,
    version: 5,
    accounts: expected,
  })
  expect(marked.data.setNotificationsRead.notifications).toEqual(
    [newest, alert].map((id) => ({ id, readAt: server.clock.now().toISOString() })),
  )
  expect((await mark([newest], true)).data.setNotificationsRead.badge).toMatchObject({
    unread: 2,
    alerts: 1,
    version: 6,
  })
  const unmarked = await mark([alert], false)
  expect(unmarked.data.setNotificationsRead).toMatchObject({
    badge: { unread: 3, alerts: 2 },
    notifications: [{ readAt: null }],
  })
})

test('reading again does not change when something was read first', async () => {
  const { ids, mark, browser } = await readerOfTwoAccounts()
  const first = server.clock.now().toISOString()
  await mark(ids.slice(0, 1), true)
  server.clock.advanceSeconds(60)
  await mark(ids, true)
  const { data } = await browser.query('{ me { notifications { nodes { readAt } } } }')
  const readAt = data.me.notifications.nodes.map((node: { readAt: string }) => node.readAt)
  expect(readAt).toEqual([first, ...ids.slice(1).map(() => server.clock.now().toISOString())])
})

test('all of one kind are marked, or all there are', async () => {
  const { markAll } = await readerOfTwoAccounts()
  const badge = async (input: { read: boolean; kind?: string }) =>
    (await markAll(input)).data.setAllNotificationsRead.badge
  expect(await badge({ read: true, kind: 'ALERT' })).toMatchObject({ unread: 2, alerts: 0 })
  expect(await badge({ read: true })).toMatchObject({ unread: 0, alerts: 0 })
  expect(await badge({ read: true })).toMatchObject({ unread: 0, alerts: 0 })
  expect(await badge({ read: false, kind: 'NOTIFICATION' })).toMatchObject({ unread: 2, alerts: 0 })
  expect(await badge({ read: false })).toMatchObject({ unread: 4, alerts: 2 })
})

test.each([
  ['no id', [], 'EMPTY'],
  [
    'more than a page of ids',
    Array.from({ length: 101 }, () => '01a20a1a-0c24-74c0-9d16-94c911ea742c'),
    'TOO_LONG',
  ],
  ['what is no id', ['x'], 'FORMAT'],
])('%s is refused', async (_what, ids, reason) => {
  const { mark } = await readerOfTwoAccounts()
  expect(refusalOf(await mark(ids, true))).toEqual({ code: 'BAD_USER_INPUT', field: 'ids', reason })
})

test('one item of somebody else among the ids makes that nothing is marked', async () => {
  const { browser, ids, mark } = await readerOfTwoAccounts()
  const { ids: foreign } = await readerOfTwoAccounts()
  expect(refusalOf(await mark([...ids, ...foreign.slice(0, 1)], true))).toEqual({
    code: 'NOT_FOUND',
    field: 'ids',
  })
  const { data } = await browser.query('{ me { notificationBadge { unread version } } }')
  expect(data.me.notificationBadge).toEqual({ unread: 4, version: 4 })
})

test('many tabs that mark at once leave the counts as the items are', async () => {
  const { browser, ids, mark, markAll } = await readerOfTwoAccounts()
  const changes = Array.from({ length: 40 }, (_, index) =>
    index % 4 === 0 ? markAll({ read: index % 8 === 0 }) : mark(ids.slice(index % 3), index % 2 === 0),
  )
  const answers = await Promise.all(changes)
  for (const { errors } of answers) expect(errors).toBeUndefined()
  const { data } = await browser.query(`{ me { notificationBadge { unread alerts version }
    unread: notifications(unread: true) { totalCount } alerts: notifications(unread: true, kind: ALERT) { totalCount } } }`)
  expect(data.me.notificationBadge).toEqual({
    unread: data.me.unread.totalCount,
    alerts: data.me.alerts.totalCount,
    version: 44,
  })
})

test('one item is read by its id, and is null when it is not there', async () => {
  const { browser, items } = await readerOfTwoAccounts()
  const [item] = items
  const query = 'query ($id: ID!) { me { notification(id: $id) { id kind account { id } } } }'
  expect((await browser.query(query, { id: item?.id })).data.me).toEqual({ notification: item })
  const missing = await browser.query(query, { id: '01a20a1a-0c24-74c0-9d16-94c911ea742c' })
  expect(missing.data.me).toEqual({ notification: null })
  expect(refusalOf(await browser.query(query, { id: 'x' }))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'id',
    reason: 'FORMAT',
  })
})
