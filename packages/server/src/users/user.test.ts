import { expect, test } from 'vitest'
import { createTestServer, refusalOf, type Caller } from '../../test/server.ts'
import { LoginName, type User } from './user.entity.ts'

const server = await createTestServer()

async function personWithBrowser(person: Parameters<typeof server.build.user>[0] = {}) {
  const user = await server.build.user(person)
  return { user, browser: await server.as(user) }
}

const updateProfile = (browser: Caller, input: object) =>
  browser.mutate('updateProfile', { ...input }, 'me { name username publicName }')
const updatePreferences = (browser: Caller, input: object) =>
  browser.mutate(
    'updatePreferences',
    { ...input },
    'me { language timeZone emojiMode rowsPerPage landingPage appNotificationPersistent appNotificationSound pushShowsContent }',
  )

async function historyOf(browser: Caller) {
  const { data } = await browser.query(
    '{ me { activity { nodes { action subject changes { field before after } } } } }',
  )
  return data.me.activity.nodes
}

function loginNamesOf(user: User): Promise<LoginName[]> {
  return server.orm.em.fork().find(LoginName, { userId: user.id }, { orderBy: { name: 'asc' } })
}

test('each name changes by itself, and the history tells before and after', async () => {
  const { user, browser } = await personWithBrowser()
  expect((await updateProfile(browser, { name: '  Zoë Å. ' })).data.updateProfile.me).toEqual({
    name: 'Zoë Å.',
    username: user.username,
    publicName: 'Sample',
  })
  await updateProfile(browser, { publicName: 'Zoë', name: null })
  const username = `zoe.${user.id.slice(-12)}`
  expect((await updateProfile(browser, { username })).data.updateProfile.me).toMatchObject({ username })
  expect(await historyOf(browser)).toEqual([
    {
      action: 'PROFILE_UPDATED',
      subject: 'Zoë Å.',
      changes: [{ field: 'username', before: user.username, after: username }],
    },
    {
      action: 'PROFILE_UPDATED',
      subject: 'Zoë Å.',
      changes: [{ field: 'publicName', before: 'Sample', after: 'Zoë' }],
    },
    {
      action: 'PROFILE_UPDATED',
      subject: 'Zoë Å.',
      changes: [{ field: 'name', before: 'Sample Person', after: 'Zoë Å.' }],
    },
  ])
})

test('saving what is there already is no change', async () => {
  const { user, browser } = await personWithBrowser()
  const { name, username, publicName, timeZone } = user
  for (const input of [{}, { name, username, publicName }, { name: ` ${name} ` }]) {
    expect((await updateProfile(browser, input)).errors).toBeUndefined()
  }
  const preferences = {
    language: 'EN',
    timeZone,
    emojiMode: false,
    rowsPerPage: 25,
    landingPage: 'USER_PROFILE',
    appNotificationPersistent: 'NEVER',
    appNotificationSound: 'default',
    pushShowsContent: false,
  }
  for (const input of [{}, preferences]) {
    expect((await updatePreferences(browser, input)).errors).toBeUndefined()
  }
  expect(await historyOf(browser)).toEqual([])
})

test.each([
  ['name', '', 'EMPTY'],
  ['name', '\u200b', 'EMPTY'],
  ['name', 'n'.repeat(101), 'TOO_LONG'],
  ['name', 'two\nlines', 'FORMAT'],
  ['publicName', ' ', 'EMPTY'],
  ['publicName', 'n'.repeat(101), 'TOO_LONG'],
  ['publicName', 'a\u202eb', 'FORMAT'],
  ['username', '', 'EMPTY'],
  ['username', 'ab', 'TOO_SHORT'],
  ['username', 'n'.repeat(65), 'TOO_LONG'],
  ['username', 'with blank', 'FORMAT'],
  ['username', 'with@sign', 'FORMAT'],
  ['username', '.dot', 'FORMAT'],
  ['username', 'dash-', 'FORMAT'],
  ['username', 'аdmin', 'FORMAT'],
])('%s: "%.20s" is refused for %s, with nothing else of the form saved', async (field, value, reason) => {
  const { user, browser } = await personWithBrowser()
  const answer = await updateProfile(browser, { name: 'Other', publicName: 'Other', [field]: value })
  expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field, reason })
  expect(answer.data).toBeNull()
  const { data } = await browser.query('{ me { name publicName username } }')
  expect(data.me).toEqual({ name: user.name, publicName: user.publicName, username: user.username })
  expect(await historyOf(browser)).toEqual([])
})

test('a username may change its case, and is not free for others in any', async () => {
  const { user, browser } = await personWithBrowser()
  const shouting = user.username.toUpperCase()
  expect((await updateProfile(browser, { username: shouting })).data.updateProfile.me.username).toBe(
    shouting,
  )
  expect(await loginNamesOf(user)).toMatchObject([{ name: user.username.toLowerCase() }])

  const other = await personWithBrowser()
  const taken = await updateProfile(other.browser, { username: user.username, name: 'Changed' })
  expect(refusalOf(taken)).toEqual({ code: 'USERNAME_TAKEN', field: 'username' })
  expect((await other.browser.query('{ me { name } }')).data.me.name).toBe(other.user.name)
})

test('a name that was given back may be taken, by its former owner too', async () => {
  const { user, browser } = await personWithBrowser()
  const other = await personWithBrowser()
  const interim = `interim.${user.id.slice(-12)}`
  await updateProfile(browser, { username: interim })
  expect((await updateProfile(browser, { username: user.username })).errors).toBeUndefined()
  expect((await updateProfile(other.browser, { username: interim })).errors).toBeUndefined()
  expect(await loginNamesOf(user)).toMatchObject([{ name: user.username.toLowerCase() }])
})

test('of many who want one name at once, one gets it', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, () => personWithBrowser()))
  const answers = await Promise.all(
    people.map(({ browser }) => updateProfile(browser, { username: 'wanted.by.all' })),
  )
  const refusals = answers.flatMap((answer) => refusalOf(answer) ?? [])
  expect(refusals).toEqual(Array.from({ length: 7 }, () => ({ code: 'USERNAME_TAKEN', field: 'username' })))
  expect(await server.orm.em.fork().count(LoginName, { name: 'wanted.by.all' })).toBe(1)
})

test("two people who want each other's name at once are both refused or served, never held up", async () => {
  for (let round = 0; round < 5; round++) {
    const [one, other] = [await personWithBrowser(), await personWithBrowser()]
    const answers = await Promise.all([
      updateProfile(one.browser, { username: other.user.username }),
      updateProfile(other.browser, { username: one.user.username }),
    ])
    for (const answer of answers) {
      expect([undefined, 'USERNAME_TAKEN']).toContain(refusalOf(answer)?.['code'])
    }
  }
})

test('two tabs that rename at once leave one name, the one that is shown', async () => {
  const { user, browser } = await personWithBrowser()
  const names = Array.from({ length: 6 }, (_, index) => `tab${index}.${user.id.slice(-12)}`)
  const answers = await Promise.all(names.map((username) => updateProfile(browser, { username })))
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([])
  const { data } = await browser.query('{ me { username } }')
  expect(await loginNamesOf(user)).toMatchObject([{ name: data.me.username }])

  const changes = (await historyOf(browser))
    .map((entry: { changes: object[] }) => entry.changes[0])
    .toReversed()
  expect(changes[0]).toMatchObject({ before: user.username })
  const befores = changes.map(({ before }: { before: string }) => before)
  const afters = changes.map(({ after }: { after: string }) => after)
  expect(befores.slice(1)).toEqual(afters.slice(0, -1))
})

test('every preference changes, and the history tells before and after', async () => {
  const { browser } = await personWithBrowser()
  const wanted = {
    language: 'NL',
    timeZone: 'Asia/Kathmandu',
    emojiMode: true,
    rowsPerPage: 100,
    landingPage: 'LAST_VISITED',
    appNotificationPersistent: 'CRITICAL',
    appNotificationSound: 'tugboat',
    pushShowsContent: true,
  }
  expect((await updatePreferences(browser, wanted)).data.updatePreferences.me).toEqual(wanted)
  expect(await historyOf(browser)).toEqual([
    {
      action: 'PREFERENCES_UPDATED',
      subject: 'Sample Person',
      changes: [
        { field: 'language', before: 'EN', after: 'NL' },
        { field: 'timeZone', before: 'America/New_York', after: 'Asia/Kathmandu' },
        { field: 'emojiMode', before: 'false', after: 'true' },
        { field: 'rowsPerPage', before: '25', after: '100' },
        { field: 'landingPage', before: 'USER_PROFILE', after: 'LAST_VISITED' },
        { field: 'appNotificationPersistent', before: 'NEVER', after: 'CRITICAL' },
        { field: 'appNotificationSound', before: 'default', after: 'tugboat' },
        { field: 'pushShowsContent', before: 'false', after: 'true' },
      ],
    },
  ])
})

test.each([
  ['timeZone', 'Mars/Olympus_Mons', 'UNKNOWN'],
  ['timeZone', '', 'UNKNOWN'],
  ['timeZone', '../../etc/passwd', 'UNKNOWN'],
  ['timeZone', `Europe/${'x'.repeat(200)}`, 'UNKNOWN'],
  ['appNotificationSound', 'foghorn', 'UNKNOWN'],
  ['appNotificationSound', 'Tugboat', 'UNKNOWN'],
  ['rowsPerPage', 4, 'OUT_OF_RANGE'],
  ['rowsPerPage', 101, 'OUT_OF_RANGE'],
  ['rowsPerPage', -1, 'OUT_OF_RANGE'],
])('%s: %s is refused for %s, with nothing else saved', async (field, value, reason) => {
  const { browser } = await personWithBrowser()
  const answer = await updatePreferences(browser, { emojiMode: true, [field]: value })
  expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field, reason })
  expect((await browser.query('{ me { emojiMode } }')).data.me.emojiMode).toBe(false)
})

test('default channels are any of the six or none, in the order of the page, and the history tells of a change', async () => {
  const { browser } = await personWithBrowser()
  const setChannels = async (channels: string[]) => {
    const { data } = await browser.mutate(
      'setNotificationChannels',
      { channels },
      'me { notificationChannels }',
    )
    return data.setNotificationChannels.me.notificationChannels
  }
  const all = ['PUSH', 'SMS', 'VOICE', 'WHATSAPP', 'SLACK', 'EMAIL']
  expect(await setChannels(all.toReversed())).toEqual(all)
  expect(await setChannels([])).toEqual([])
  expect(await setChannels([])).toEqual([])
  expect(await historyOf(browser)).toMatchObject([
    {
      action: 'NOTIFICATION_CHANNELS_SET',
      changes: [{ field: 'notificationChannels', before: all.join(', '), after: '' }],
    },
    {
      action: 'NOTIFICATION_CHANNELS_SET',
      changes: [{ field: 'notificationChannels', before: 'PUSH, SMS, EMAIL', after: all.join(', ') }],
    },
  ])
})

test.each([
  ['the inbox, which is no choice', ['EMAIL', 'IN_APP'], 'UNKNOWN'],
  ['one channel twice', ['SMS', 'SMS'], 'DUPLICATE'],
])('%s is refused as default channels', async (_what, channels, reason) => {
  const { browser } = await personWithBrowser()
  const answer = await browser.mutate('setNotificationChannels', { channels }, 'me { id }')
  expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field: 'channels', reason })
  const { data } = await browser.query('{ me { notificationChannels } }')
  expect(data.me.notificationChannels).toEqual(['PUSH', 'EMAIL', 'SMS'])
})

test.each(['UTC', 'Europe/Kyiv', 'Europe/Kiev', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
  '%s is a time zone',
  async (timeZone) => {
    const { browser } = await personWithBrowser({ timeZone: 'Asia/Tokyo' })
    expect((await updatePreferences(browser, { timeZone })).data.updatePreferences.me.timeZone).toBe(
      timeZone,
    )
  },
)

test('the number of rows a person chose is how many a list has that is not told', async () => {
  const { browser } = await personWithBrowser()
  for (let change = 0; change < 7; change++) await updateProfile(browser, { name: `Name ${change}` })
  await updatePreferences(browser, { rowsPerPage: 5 })
  const { data } = await browser.query(
    '{ me { activity { totalCount nodes { id } pageInfo { hasNextPage } } } }',
  )
  expect(data.me.activity).toMatchObject({ totalCount: 8, pageInfo: { hasNextPage: true } })
  expect(data.me.activity.nodes).toHaveLength(5)
})

test('history cannot be changed or thrown away, by whatever statement', async () => {
  const { user, browser } = await personWithBrowser()
  await updateProfile(browser, { name: 'Changed' })
  const em = server.orm.em.fork()
  for (const statement of [
    'update activity set subject = ?',
    'delete from activity where user_id::text <> ?',
    'update activity_entry set action = ?',
    'delete from activity_entry where user_id::text <> ?',
    'update activity_detail set subject = ?',
    'delete from activity_detail where user_id::text <> ?',
    'update activity_head set digest = ?',
    'delete from activity_head where user_id::text <> ?',
  ]) {
    await expect(em.execute(statement, [user.username])).rejects.toThrow('history is append-only')
  }
  for (const table of ['activity_entry', 'activity_detail', 'activity_head']) {
    await expect(em.execute(`truncate ${table}`)).rejects.toThrow('history is append-only')
    await expect(em.execute(`insert into ${table} select * from ${table}`)).rejects.toThrow(
      'history is append-only',
    )
  }
  expect(await historyOf(browser)).toHaveLength(1)
})
