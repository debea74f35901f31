import { getNamedType, isNonNullType, isObjectType } from 'graphql'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { createSchema, reads } from '../schema.ts'

const server = await createTestServer()
const schema = await createSchema()

test('a person sees their accounts by name, with their roles in their language and what these allow', async () => {
  const user = await server.build.user()
  const owned = await server.build.account({ owner: user, name: 'Zebra' })
  const other = await server.build.account({ name: 'Aardvark' })
  await server.build.member({ user, account: owned, roles: ['technician'] })
  await server.build.member({ user, account: other, roles: ['dispatcher', 'broadcaster'] })
  const browser = await server.as(user)
  await browser.mutate('updatePreferences', { language: 'DE' }, 'me { id }')

  const { data } = await browser.query(
    '{ me { accountUsers { account { name } roles { name account { id } } permissions user { id } } } }',
  )
  expect(data.me.accountUsers).toMatchObject([
    {
      account: { name: 'Aardvark' },
      permissions: ['broadcasts.send', 'feeds.own', 'schedules.manage', 'work.manage', 'work.read'],
      user: { id: user.id },
    },
    { account: { name: 'Zebra' }, roles: [{ name: 'Inhaber', account: null }, { name: 'Techniker' }] },
  ])
  expect(data.me.accountUsers[1].permissions).toHaveLength(13)
})

test('a super admin may everything in the accounts they belong to, and belongs to no other', async () => {
  const { user } = await server.build.member({ user: await server.build.user({ superAdmin: true }) })
  const stranger = await server.build.account()
  const browser = await server.as(user)
  const { data } = await browser.query('{ me { superAdmin accountUsers { permissions } } }')
  expect(data.me.superAdmin).toBe(true)
  expect(data.me.accountUsers[0].permissions).toHaveLength(13)
  const foreign = await browser.query('query ($id: ID!) { account(id: $id) { name } }', { id: stranger.id })
  expect(refusalOf(foreign)).toEqual({ code: 'NOT_FOUND', field: 'id' })
})

/** One's own membership of two accounts, and the token of the first. */
async function memberOfTwo() {
  const here = await server.build.member({ roles: ['admin'] })
  const { user } = here
  const elsewhere = await server.build.member({ user, roles: ['admin'] })
  await server.build.rule(here.account, 'Here')
  await server.build.rule(elsewhere.account, 'Elsewhere')
  const { token } = await server.build.token(here.accountUser)
  return { user, here, elsewhere, program: server.withToken(token), browser: await server.as(user) }
}

test('with a token all memberships are listed, and the person is read whole', async () => {
  const { user, here, elsewhere, program } = await memberOfTwo()
  const { data, errors } = await program.query(
    '{ me { name username timeZone emails { address } phones { number } accountUsers { id account { id name } roles { name } } currentSession { id } } }',
  )
  expect(errors).toBeUndefined()
  expect(data.me).toMatchObject({ name: user.name, timeZone: user.timeZone, currentSession: null })
  expect(data.me.accountUsers.map(({ id }: { id: string }) => id).toSorted()).toEqual(
    [here.accountUser.id, elsewhere.accountUser.id].toSorted(),
  )
})

const beyondTheList = [
  'user { id }',
  'permissions',
  'enabled',
  'twoFactorEnabled',
  'longestTokenDays',
  'notificationRule { id }',
  'notificationPreferences { channels }',
  'personalAccessTokens { id }',
  'account { notificationRules { name } }',
]

test.each(beyondTheList)('with a token %s is of its own account only', async (selection) => {
  const { program, browser } = await memberOfTwo()
  const query = `{ me { accountUsers { ${selection} } } }`
  const withToken = await program.query(query)
  expect(refusalOf(withToken)).toMatchObject({ code: 'NOT_FOUND' })
  expect(withToken.text).not.toContain('Elsewhere')
  expect((await browser.query(query)).errors).toBeUndefined()
})

test('every field of an account user that a token reads in its own account only is tried with one', () => {
  const fields = [...reads.entries()].filter(({ type }) => type === 'AccountUser').map(({ field }) => field)
  const tried = beyondTheList.map((selection) => selection.replace(/ .*/, ''))
  expect(fields.filter((field) => !['id', 'roles', 'closed'].includes(field)).toSorted()).toEqual(
    tried.toSorted(),
  )
})

test('with a token the inbox, the badge, the history and marking read are of its own account', async () => {
  const { user, here, elsewhere, program, browser } = await memberOfTwo()
  for (const { account } of [here, elsewhere]) {
    const input = {
      accountId: account.id,
      type: 'NETWORK_ALERT',
      recipients: [user.username],
      title: account.id,
      body: '-',
    }
    await browser.mutate('publishEvent', input, 'notified')
    const preferences = [{ eventType: 'TASK_ASSIGNED', channels: [] }]
    const { accountUser } = account === here.account ? here : elsewhere
    await browser.mutate(
      'setNotificationPreferences',
      { accountUserId: accountUser.id, preferences },
      'accountUser { id }',
    )
  }
  const query = `{ me { notifications { totalCount nodes { title } }
    notificationBadge { unread alerts accounts { accountId unread alerts } }
    activity { totalCount nodes { account { id } } } } }`
  expect((await program.query(query)).data.me).toEqual({
    notifications: { totalCount: 1, nodes: [{ title: here.account.id }] },
    notificationBadge: {
      unread: 1,
      alerts: 1,
      accounts: [{ accountId: here.account.id, unread: 1, alerts: 1 }],
    },
    activity: { totalCount: 1, nodes: [{ account: { id: here.account.id } }] },
  })
  expect((await browser.query(query)).data.me).toMatchObject({
    notifications: { totalCount: 2 },
    notificationBadge: { unread: 2, alerts: 2 },
    activity: { totalCount: 2 },
  })

  const marked = await program.mutate(
    'setAllNotificationsRead',
    { read: true },
    'badge { unread accounts { accountId } }',
  )
  expect(marked.data.setAllNotificationsRead.badge).toEqual({
    unread: 0,
    accounts: [{ accountId: here.account.id }],
  })
  expect((await browser.query(query)).data.me.notificationBadge).toMatchObject({ unread: 1 })
})

test('who has left an account keeps its name in the history and the inbox, and nothing else of it', async () => {
  const { user, here, program, browser } = await memberOfTwo()
  const event = {
    accountId: here.account.id,
    type: 'TASK_ASSIGNED',
    recipients: [user.username],
    title: 'T',
    body: '-',
  }
  await program.mutate('publishEvent', event, 'notified')
  const preferences = [{ eventType: 'TASK_ASSIGNED', channels: [] }]
  await browser.mutate(
    'setNotificationPreferences',
    { accountUserId: here.accountUser.id, preferences },
    '__typename',
  )
  await sql`delete from account_user where id = ${here.accountUser.id}`.execute(
    server.orm.em.fork().getKysely(),
  )

  const account = { name: here.account.name }
  const named = await browser.query(
    '{ me { notifications { nodes { account { name } } } activity { nodes { account { name } } } } }',
  )
  expect(named.data.me).toEqual({
    notifications: { nodes: [{ account }] },
    activity: { nodes: [{ account }] },
  })
  for (const list of ['notifications', 'activity']) {
    const more = await browser.query(
      `{ me { ${list}(first: 5) { nodes { account { notificationRules { rules attachedTo { user { name } } } } } } } }`,
    )
    expect(refusalOf(more)).toEqual({ code: 'NOT_FOUND' })
    expect(more.text).not.toContain('match')
  }
})

/** What a person alone may read of themselves, and the like of a membership. */
const privateFields = [...reads.entries()]
  .filter(({ type, read }) => read.ownOnly && (type === 'User' || type === 'AccountUser'))
  .map(({ type, field }) => ({ type, field }))

/** The field with the least that may be asked of it. */
function leastOf(typeName: string, fieldName: string): string {
  const type = schema.getType(typeName)
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined
  const takesId = field?.args.some(({ name, type: argument }) => name === 'id' && isNonNullType(argument))
  const given = takesId ? '(id: "01a20a1a-0c24-74c0-9d16-94c911ea742c")' : ''
  const inner = field && isObjectType(getNamedType(field.type)) ? '{ __typename }' : ''
  return `${fieldName}${given} ${inner}`
}

test.each(privateFields)(
  '$type.$field of somebody else is refused, on whatever way one comes',
  async ({ type, field }) => {
    const { user, account } = await server.build.member({ roles: ['admin'] })
    const colleague = await server.build.member({ account })
    const rule = await server.build.rule(account)
    const attached = await server.as(colleague.user)
    const input = { accountUserId: colleague.accountUser.id, notificationRuleId: rule.id }
    expect(
      (await attached.mutate('setAccountUserNotificationRule', input, '__typename')).errors,
    ).toBeUndefined()

    const wanted = leastOf(type, field)
    const ways =
      type === 'AccountUser'
        ? [
            `{ me { accountUsers { account { notificationRules { attachedTo { ${wanted} } } } } } }`,
            `{ me { accountUsers { account { accountUsers(first: 1) { nodes { ${wanted} } } } } } }`,
          ]
        : [
            `{ me { accountUsers { account { accountUsers(first: 1) { nodes { user { ${wanted} } } } } } } }`,
            `{ me { accountUsers { account { owner { ${wanted} } } } } }`,
            `{ me { accountUsers { account { notificationRules { attachedTo { user { ${wanted} } } } } } } }`,
            `{ me { activity { nodes { actor { ${wanted} } } } } }`,
          ]
    const browser = await server.as(user)
    for (const query of ways)
      expect(refusalOf(await browser.query(query))).toEqual({ code: 'FORBIDDEN', field })
    const shown = await browser.query(
      '{ me { accountUsers { account { notificationRules { attachedTo { user { id name publicName username } } } } } } }',
    )
    expect(shown.data.me.accountUsers[0].account.notificationRules[0].attachedTo).toMatchObject([
      { user: { id: colleague.user.id } },
    ])
  },
)
