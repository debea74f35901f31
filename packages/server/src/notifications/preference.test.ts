import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { NotificationPreferenceOverride } from './notification-preference.entity.ts'

const server = await createTestServer()

async function memberWithBrowser() {
  const member = await server.build.member()
  const browser = await server.as(member.user)
  const set = (
    preferences: { eventType: string; channels: string[] }[],
    accountUserId = member.accountUser.id,
  ) =>
    browser.mutate(
      'setNotificationPreferences',
      { accountUserId, preferences },
      'accountUser { notificationPreferences { eventType { id } channels } }',
    )
  const stored = () =>
    server.orm.em
      .fork()
      .find(NotificationPreferenceOverride, { userId: member.user.id }, { orderBy: { eventType: 'asc' } })
  return { ...member, browser, set, stored }
}

interface Preference {
  eventType: { id: string; name: string }
  channels: string[]
}

test('a new person has no rows, and everything comes to the inbox, the end of a token by mail as well, one line per event type of the catalogue', async () => {
  const { browser, stored } = await memberWithBrowser()
  const { data } = await browser.query(
    '{ notificationEventTypes { id name category } me { accountUsers { notificationPreferences { eventType { id name category } channels } } } }',
  )
  const preferences: Preference[] = data.me.accountUsers[0].notificationPreferences
  expect(preferences.map(({ eventType }) => eventType)).toEqual(data.notificationEventTypes)
  expect(preferences.length).toBeGreaterThan(10)
  const elsewhere = preferences.filter(({ channels }) => channels.join() !== 'IN_APP')
  expect(elsewhere).toMatchObject([{ eventType: { id: 'TOKEN_EXPIRING' }, channels: ['IN_APP', 'EMAIL'] }])
  expect(await stored()).toEqual([])
})

test('what differs is stored, what equals the usual is not, and the rest stays', async () => {
  const { set, stored } = await memberWithBrowser()
  const off = (eventType: string) => ({ eventType, channels: [] })
  const on = (eventType: string) => ({ eventType, channels: ['IN_APP'] })
  await set([off('TASK_ASSIGNED'), off('JOB_FAILED'), on('JOB_ASSIGNED')])
  expect(await stored()).toMatchObject([
    { eventType: 'JOB_FAILED', channels: [] },
    { eventType: 'TASK_ASSIGNED', channels: [] },
  ])
  const { data } = await set([{ eventType: 'TASK_ASSIGNED', channels: ['IN_APP', 'IN_APP'] }])
  expect(await stored()).toMatchObject([{ eventType: 'JOB_FAILED' }])
  const preferences: Preference[] = data.setNotificationPreferences.accountUser.notificationPreferences
  expect(preferences.filter(({ channels }) => channels.length === 0)).toMatchObject([
    { eventType: { id: 'JOB_FAILED' } },
  ])
})

test('the history tells of each choice once, and of none that changed nothing', async () => {
  const { account, browser, set } = await memberWithBrowser()
  await set([{ eventType: 'TASK_ASSIGNED', channels: [] }])
  await set([
    { eventType: 'TASK_ASSIGNED', channels: [] },
    { eventType: 'JOB_FAILED', channels: ['IN_APP'] },
  ])
  await set([])
  const { data } = await browser.query(
    '{ me { activity { nodes { action subject account { id } changes { field before after } } } } }',
  )
  expect(data.me.activity.nodes).toEqual([
    {
      action: 'NOTIFICATION_PREFERENCES_SET',
      subject: account.name,
      account: { id: account.id },
      changes: [{ field: 'TASK_ASSIGNED', before: 'IN_APP', after: '' }],
    },
  ])
})

test('each account has a matrix of its own', async () => {
  const { user, browser, set } = await memberWithBrowser()
  const elsewhere = await server.build.member({ user })
  await set([{ eventType: 'TASK_ASSIGNED', channels: [] }], elsewhere.accountUser.id)
  const { data } = await browser.query(
    '{ me { accountUsers { id notificationPreferences { eventType { id } channels } } } }',
  )
  const offByMembership = data.me.accountUsers.map(
    ({ id, notificationPreferences }: { id: string; notificationPreferences: Preference[] }) => [
      id,
      notificationPreferences
        .filter(({ channels }) => channels.length === 0)
        .map(({ eventType }) => eventType.id),
    ],
  )
  expect(Object.fromEntries(offByMembership)).toMatchObject({
    [elsewhere.accountUser.id]: ['TASK_ASSIGNED'],
  })
  expect(offByMembership.filter(([, off]: [string, string[]]) => off.length > 0)).toHaveLength(1)
})

test.each([
  ['an event type there is not', ['TASK_ASSIGNED', 'NO_SUCH_TYPE'], 'preferences.1.eventType', 'UNKNOWN'],
  ['the name of something every object has', ['toString'], 'preferences.0.eventType', 'UNKNOWN'],
  [
    'one event type twice',
    ['TASK_ASSIGNED', 'JOB_FAILED', 'TASK_ASSIGNED'],
    'preferences.2.eventType',
    'DUPLICATE',
  ],
])('%s is refused, and nothing of the form is saved', async (_what, eventTypes, field, reason) => {
  const { set, stored } = await memberWithBrowser()
  const answer = await set(eventTypes.map((eventType) => ({ eventType, channels: [] })))
  expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field, reason })
  expect(await stored()).toEqual([])
})

test('twenty tabs that choose at once end with one choice', async () => {
  const { set, stored } = await memberWithBrowser()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      set([
        { eventType: 'TASK_ASSIGNED', channels: index % 2 ? [] : ['IN_APP'] },
        { eventType: 'JOB_FAILED', channels: [] },
      ]),
    ),
  )
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([])
  expect((await stored()).filter(({ eventType }) => eventType === 'JOB_FAILED')).toHaveLength(1)
})

test.each([
  ['EN', 'Task assigned to me'],
  ['ES', 'Tarea asignada a mí'],
])('the catalogue speaks the language of the reader: %s', async (language, name) => {
  const { browser } = await memberWithBrowser()
  await browser.mutate('updatePreferences', { language }, 'me { id }')
  const { data } = await browser.query('{ notificationEventTypes { id name } }')
  expect(data.notificationEventTypes).toContainEqual({ id: 'TASK_ASSIGNED', name })
})
