import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { Delivery } from '../delivery/delivery.entity.ts'
import { type Caller, createTestServer, refusalOf } from '../../test/server.ts'

const server = await createTestServer()
const kysely = () => server.orm.em.fork().getKysely()

/** An account with somebody who publishes there by token, and somebody who is told. */
async function publisherAndRecipient() {
  const publisher = await server.build.member({ roles: ['admin'] })
  const { account } = publisher
  const recipient = await server.build.member({ account })
  const { token } = await server.build.token(publisher.accountUser)
  const event = {
    accountId: account.id,
    type: 'TICKET_ASSIGNED',
    recipients: [recipient.user.username],
    title: 'Ticket 7',
    body: 'Fibre cut\nin the north.',
  }
  const publish = (input: object = {}, caller: Caller = server.withToken(token)) =>
    caller.mutate('publishEvent', { ...event, ...input }, 'accepted notified')
  const inbox = await server.as(recipient.user)
  const itemsOf = async (reader: Caller = inbox) => {
    const { data } = await reader.query(
      '{ me { notifications { nodes { kind eventType title body entity { type id name url } account { id } readAt createdAt } } notificationBadge { unread alerts } } }',
    )
    return data.me
  }
  return { publisher, recipient, account, token, event, publish, itemsOf }
}

/** How much there is of everything that publishing writes. */
async function countStored(accountId: string): Promise<unknown> {
  const { rows } =
    await sql`select (select count(*)::int from event where account_id = ${accountId}) as events,
    (select count(*)::int from notification where account_id = ${accountId}) as items,
    (select count(*)::int from idempotency_key where account_id = ${accountId}) as keys,
    (select coalesce(sum(unread), 0)::int from badge where account_id = ${accountId}) as unread`.execute(
      kysely(),
    )
  return rows[0]
}
const nothing = { events: 0, items: 0, keys: 0, unread: 0 }

test('an event reaches the inbox of each recipient once, as it was published', async () => {
  const { publisher, recipient, account, publish, itemsOf } = await publisherAndRecipient()
  const entity = { type: 'Ticket', id: '7', name: 'Fibre cut', url: 'https://host.example.com/tickets/7' }
  const names = [
    recipient.user.username,
    recipient.user.username.toUpperCase(),
    ` ${publisher.user.username}`,
  ]
  const answer = await publish({ entity, recipients: names })
  expect(answer.data.publishEvent).toEqual({ accepted: true, notified: 2 })
  expect(await itemsOf()).toEqual({
    notifications: {
      nodes: [
        {
          kind: 'NOTIFICATION',
          eventType: 'TICKET_ASSIGNED',
          title: 'Ticket 7',
          body: 'Fibre cut\nin the north.',
          entity,
          account: { id: account.id },
          readAt: null,
          createdAt: server.clock.now().toISOString(),
        },
      ],
    },
    notificationBadge: { unread: 1, alerts: 0 },
  })
  expect(await countStored(account.id)).toEqual({ events: 1, items: 2, keys: 0, unread: 2 })
})

test('a network alert counts among the alerts too', async () => {
  const { publish, itemsOf } = await publisherAndRecipient()
  await publish({ type: 'NETWORK_ALERT' })
  const { notifications, notificationBadge } = await itemsOf()
  expect(notifications.nodes).toMatchObject([{ kind: 'ALERT', entity: null }])
  expect(notificationBadge).toEqual({ unread: 1, alerts: 1 })
})

test('who owns or administers the account may publish, and a super admin who belongs to it; others may not', async () => {
  const { account, recipient, publish } = await publisherAndRecipient()
  const owner = await server.build.user()
  const owned = await server.build.account({ owner })
  const { accountUser } = await server.build.member({ user: owner, account: owned, roles: [] })
  const ownersToken = server.withToken((await server.build.token(accountUser)).token)
  const toOneself = { accountId: owned.id, recipients: [owner.username] }
  expect((await publish(toOneself, ownersToken)).data.publishEvent).toEqual({ accepted: true, notified: 1 })
  const superAdmin = await server.build.user({ superAdmin: true })
  await server.build.member({ user: superAdmin, account, roles: [] })
  expect((await publish({}, await server.as(superAdmin))).data.publishEvent.notified).toBe(1)

  const before = await countStored(account.id)
  for (const role of ['member', 'technician', 'dispatcher', 'billing', 'broadcaster'] as const) {
    const { user } = await server.build.member({ account, roles: [role] })
    expect(refusalOf(await publish({}, await server.as(user)))).toEqual({ code: 'FORBIDDEN' })
  }
  expect(refusalOf(await publish({}, await server.as(recipient.user)))).toEqual({ code: 'FORBIDDEN' })
  const outsider = await server.build.user({ superAdmin: true })
  expect(refusalOf(await publish({}, await server.as(outsider)))).toEqual({
    code: 'NOT_FOUND',
    field: 'accountId',
  })
  expect(await countStored(account.id)).toEqual(before)
})

test('a read-only token publishes nothing', async () => {
  const { publisher, account, publish } = await publisherAndRecipient()
  const { token } = await server.build.token(publisher.accountUser, { readOnly: true })
  const answer = await publish({}, server.withToken(token))
  expect(answer.status).toBe(403)
  expect(refusalOf(answer)).toEqual({ code: 'FORBIDDEN' })
  expect(await countStored(account.id)).toEqual(nothing)
})

const link = { type: 'Ticket', id: '7', name: 'Cut', url: 'https://host.example.com/7' }

test.each([
  ['type', { type: 'NO_SUCH_TYPE' }, 'UNKNOWN'],
  ['type', { type: 'constructor' }, 'UNKNOWN'],
  ['recipients', { recipients: [] }, 'EMPTY'],
  ['recipients', { recipients: ['nobody.at.all'] }, 'NOT_A_MEMBER'],
  ['recipients', { recipients: [''] }, 'NOT_A_MEMBER'],
  ['recipients', { recipients: ['n'.repeat(5000)] }, 'NOT_A_MEMBER'],
  ['recipients', { recipients: Array.from({ length: 1001 }, (_, index) => `person${index}`) }, 'TOO_LONG'],
  ['title', { title: ' ' }, 'EMPTY'],
  ['title', { title: 't'.repeat(201) }, 'TOO_LONG'],
  ['title', { title: 'two\nlines' }, 'FORMAT'],
  ['body', { body: '' }, 'EMPTY'],
  ['body', { body: 'b'.repeat(4001) }, 'TOO_LONG'],
  ['body', { body: 'a\u202eb' }, 'FORMAT'],
  ['entity.url', { entity: { ...link, url: 'javascript:alert(1)' } }, 'FORMAT'],
  ['entity.url', { entity: { ...link, url: '//host.example.com' } }, 'FORMAT'],
  ['entity.url', { entity: { ...link, url: `https://host.example.com/${'x'.repeat(2000)}` } }, 'TOO_LONG'],
  ['entity.name', { entity: { ...link, name: 'n'.repeat(201) } }, 'TOO_LONG'],
  ['entity.type', { entity: { ...link, type: '' } }, 'EMPTY'],
  ['entity.id', { entity: { ...link, id: '\u200b' } }, 'EMPTY'],
  ['idempotencyKey', { idempotencyKey: '' }, 'EMPTY'],
  ['idempotencyKey', { idempotencyKey: 'k'.repeat(256) }, 'TOO_LONG'],
])('%s is refused when it is %.60j, for %s, and nothing is stored', async (field, input, reason) => {
  const { account, publish } = await publisherAndRecipient()
  expect(refusalOf(await publish({ idempotencyKey: 'key', ...input }))).toEqual({
    code: 'BAD_USER_INPUT',
    field,
    reason,
  })
  expect(await countStored(account.id)).toEqual(nothing)
})

test('texts of the greatest length arrive whole', async () => {
  const { publish, itemsOf } = await publisherAndRecipient()
  const longest = { title: '😀'.repeat(200), body: 'ü'.repeat(4000), idempotencyKey: 'k'.repeat(255) }
  expect((await publish(longest)).errors).toBeUndefined()
  expect((await itemsOf()).notifications.nodes).toMatchObject([
    { title: longest.title, body: longest.body },
  ])
})

test('one recipient who is no member makes that nobody is told', async () => {
  const { recipient, account, publish } = await publisherAndRecipient()
  const outsider = await server.build.member()
  const recipients = [recipient.user.username, outsider.user.username]
  expect(refusalOf(await publish({ recipients }))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'recipients',
    reason: 'NOT_A_MEMBER',
  })
  expect(await countStored(account.id)).toEqual(nothing)
})

test('who does not want the type in the inbox gets no item and no count', async () => {
  const { recipient, publisher, account, publish, itemsOf } = await publisherAndRecipient()
  const input = {
    accountUserId: recipient.accountUser.id,
    preferences: [{ eventType: 'TICKET_ASSIGNED', channels: [] }],
  }
  await (await server.as(recipient.user)).mutate('setNotificationPreferences', input, '__typename')
  const recipients = [recipient.user.username, publisher.user.username]
  expect((await publish({ recipients })).data.publishEvent).toEqual({ accepted: true, notified: 1 })
  expect((await publish()).data.publishEvent).toEqual({ accepted: true, notified: 0 })
  expect((await publish({ type: 'TICKET_REPLIED' })).data.publishEvent.notified).toBe(1)
  expect((await itemsOf()).notifications.nodes).toMatchObject([{ eventType: 'TICKET_REPLIED' }])
  expect(await countStored(account.id)).toMatchObject({ events: 3, items: 2, unread: 2 })
})

test('fifty requests at once with one key are one event, and all get its answer', async () => {
  const { account, publish } = await publisherAndRecipient()
  const answers = await Promise.all(Array.from({ length: 50 }, () => publish({ idempotencyKey: 'once' })))
  for (const { data } of answers) expect(data.publishEvent).toEqual({ accepted: true, notified: 1 })
  expect(await countStored(account.id)).toEqual({ events: 1, items: 1, keys: 1, unread: 1 })
})

test('a key that was used for something else is a conflict, unless that was refused', async () => {
  const { account, publish } = await publisherAndRecipient()
  await publish({ idempotencyKey: 'key', recipients: ['nobody.at.all'] })
  expect((await publish({ idempotencyKey: 'key' })).errors).toBeUndefined()
  for (const other of [
    { title: 'Ticket 8' },
    { body: 'Other' },
    { type: 'TICKET_REPLIED' },
    { entity: link },
  ]) {
    expect(refusalOf(await publish({ idempotencyKey: 'key', ...other }))).toEqual({
      code: 'IDEMPOTENCY_CONFLICT',
      field: 'idempotencyKey',
    })
  }
  expect(await countStored(account.id)).toEqual({ events: 1, items: 1, keys: 1, unread: 1 })
})

test('a key is of one account and one person, and is forgotten after a day', async () => {
  const { publisher, recipient, account, publish } = await publisherAndRecipient()
  const second = await server.build.member({ account, roles: ['admin'] })
  const elsewhere = await server.build.member({ user: publisher.user, roles: ['admin'] })
  await server.build.member({ user: recipient.user, account: elsewhere.account })
  const key = { idempotencyKey: 'shared' }
  const publishers = [
    () => publish(key),
    async () => publish({ ...key, title: 'Other' }, await server.as(second.user)),
    async () => publish({ ...key, accountId: elsewhere.account.id }, await server.as(publisher.user)),
  ]
  for (const run of publishers) expect((await run()).data.publishEvent.notified).toBe(1)
  expect(await countStored(account.id)).toMatchObject({ events: 2, items: 2 })

  server.clock.advanceSeconds(86_399)
  expect(refusalOf(await publish({ ...key, title: 'Later' }))).toMatchObject({
    code: 'IDEMPOTENCY_CONFLICT',
  })
  server.clock.advanceSeconds(1)
  const later = await Promise.all(Array.from({ length: 10 }, () => publish({ ...key, title: 'Later' })))
  for (const { data } of later) expect(data.publishEvent).toEqual({ accepted: true, notified: 1 })
  expect(await countStored(account.id)).toMatchObject({ events: 3, items: 3, keys: 2 })
})

test('many publishers at once tell the same people without holding each other up', async () => {
  const { publisher, recipient, account, publish } = await publisherAndRecipient()
  const names = [recipient.user.username, publisher.user.username]
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      publish({ recipients: index % 2 ? names : names.toReversed() }),
    ),
  )
  for (const { data } of answers) expect(data.publishEvent.notified).toBe(2)
  expect(await countStored(account.id)).toEqual({ events: 60, items: 120, keys: 0, unread: 120 })
})

test('whoever asked for mail or texts about a type gets them over the primary address, the others in reserve', async () => {
  const { publish, account } = await publisherAndRecipient()
  const member = await server.build.member({
    account,
    user: await server.build.user({ phone: { number: '+12125550142', country: 'US' } }),
  })
  const { id: userId, username } = member.user
  await server.orm.em.fork().execute(
    `insert into email (user_id, id, address, address_key, verified_at, created_at) values
      (?, gen_random_uuid(), 'second@example.com', ?, now(), now()), (?, gen_random_uuid(), 'unproven@example.com', ?, null, now())`,
    [userId, `second-${username}`, userId, `unproven-${username}`],
  )
  const browser = await server.as(member.user)
  const preference = { eventType: 'TASK_ASSIGNED', channels: ['EMAIL', 'SMS'] }
  await browser.mutate(
    'setNotificationPreferences',
    { accountUserId: member.accountUser.id, preferences: [preference] },
    'accountUser { id }',
  )
  const { data } = await publish({ recipients: [username], type: 'TASK_ASSIGNED', title: 'Look' })
  // The inbox was left out.
  expect(data.publishEvent).toEqual({ accepted: true, notified: 0 })
  const sent = await server.orm.em.fork().find(Delivery, { userId }, { orderBy: { channel: 'asc' } })
  expect(sent).toMatchObject([
    {
      channel: 'EMAIL',
      message: 'EVENT',
      address: `${username}@example.com`,
      accountId: account.id,
      language: 'EN',
      timeZone: 'America/New_York',
      nextWays: [{ channel: 'EMAIL', address: 'second@example.com' }],
      content: {
        title: 'Look',
        eventType: 'TASK_ASSIGNED',
        accountName: account.name,
        accountUserId: member.accountUser.id,
        notificationId: null,
      },
    },
    { channel: 'SMS', address: '+12125550142', nextWays: [] },
  ])
})

test('a wish that no proven address can fulfil is on record with its reason', async () => {
  const { publish, account } = await publisherAndRecipient()
  const member = await server.build.member({ account })
  const browser = await server.as(member.user)
  await browser.mutate(
    'setNotificationPreferences',
    {
      accountUserId: member.accountUser.id,
      preferences: [{ eventType: 'TASK_ASSIGNED', channels: ['IN_APP', 'SMS'] }],
    },
    'accountUser { id }',
  )
  const { data } = await publish({ recipients: [member.user.username], type: 'TASK_ASSIGNED' })
  expect(data.publishEvent).toEqual({ accepted: true, notified: 1 })
  const sent = await server.orm.em.fork().find(Delivery, { userId: member.user.id })
  expect(sent).toMatchObject([
    { channel: 'SMS', state: 'SUPPRESSED', reason: 'ADDRESS_UNPROVEN', address: '' },
  ])
})
