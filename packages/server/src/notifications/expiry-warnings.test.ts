import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { BadgeFollower } from '../../test/badge-follower.ts'
import { testSealing, testSecretKeys } from '../../test/secret-keys.ts'
import { createTestServer, refusalOf } from '../../test/server.ts'
import type { AccountUser } from '../accounts/account-user.entity.ts'
import { loadConfig } from '../config.ts'
import { StatementPool } from '../database/statements.ts'
import { DeliveryDesk } from '../delivery/delivery-desk.ts'
import type { User } from '../users/user.entity.ts'
import { warnOfExpiringTokens } from './expiry-warnings.ts'
import { InboxAnnouncements } from './inbox-announcements.ts'

// Sends nothing and keeps no house by itself, so that nobody else warns and what is queued stays.
const server = await createTestServer({ environment: { ROLE: 'api' } })
const { clock } = server
const errors: unknown[] = []
const onError = (error: unknown) => void errors.push(error)
const config = loadConfig({ PUBLIC_URL: 'https://lanyard.example.com', SECRET_KEYS: testSecretKeys })

/** What the job of one server process works with. */
function processOf() {
  const statements = new StatementPool({ databaseUrl: server.databaseUrl, named: true })
  const announcements = new InboxAnnouncements(statements, onError)
  const parts = { statements, sealing: testSealing, clock, configured: new Set<never>(), onError }
  const deliveries = new DeliveryDesk(parts)
  afterAll(async () => {
    await announcements[Symbol.asyncDispose]()
    await deliveries[Symbol.asyncDispose]()
    await statements[Symbol.asyncDispose]()
  })
  return { statements, announcements, deliveries, clock, config }
}

const [here, beside] = [processOf(), processOf()]
const warn = () => warnOfExpiringTokens(here, onError)
afterAll(() => expect(errors).toEqual([]))

const daySeconds = 86_400
const inDays = (days: number) => new Date(clock.now().getTime() + days * daySeconds * 1000)

/** A token with so many days left, made so long before. */
function tokenWith(accountUser: AccountUser, daysLeft: number, life = 90, name = 'Bridge') {
  return server.build.token(accountUser, {
    name,
    createdAt: inDays(daysLeft - life),
    expiresAt: inDays(daysLeft),
  })
}

interface Told {
  items: { title: string; body: string; entity: { name: string; url: string } }[]
  mails: { state: string; content: Record<string, unknown> }[]
}

/** What has come to a person of it, oldest first. */
async function toldTo({ id }: User): Promise<Told> {
  const kysely = server.orm.em.fork().getKysely()
  const items = await sql<Told['items'][number]>`select title, body, entity from notification
    where user_id = ${id} and event_type = 'TOKEN_EXPIRING' order by id`.execute(kysely)
  const mails = await sql<Told['mails'][number]>`select state, content from delivery
    where user_id = ${id} and channel = 'EMAIL' and message = 'EVENT' order by id`.execute(kysely)
  return { items: items.rows, mails: mails.rows }
}

async function countsOf(user: User): Promise<[items: number, mails: number]> {
  const { items, mails } = await toldTo(user)
  return [items.length, mails.length]
}

test('a person is told in the inbox and by mail 30, 7 and 1 days before a token ends, each time once', async () => {
  const { user, accountUser } = await server.build.member()
  await tokenWith(accountUser, 31)
  const told: [daysLeft: number, times: number][] = []
  for (const [left, next] of [
    [31, 30],
    [30, 29],
    [29, 8],
    [8, 7],
    [7, 1],
    [1, 0],
    [0, -1],
  ] as const) {
    await warn()
    await warn()
    const [items, mails] = await countsOf(user)
    expect(mails).toBe(items)
    told.push([left, items])
    clock.advanceSeconds((left - next) * daySeconds)
  }
  expect(told).toEqual([
    [31, 0],
    [30, 1],
    [29, 1],
    [8, 1],
    [7, 2],
    [1, 3],
    [0, 3],
  ])
})

test('what is told names the token and its end, and leads to the tokens of that account', async () => {
  const { user, account, accountUser } = await server.build.member()
  const socket = await server.socketAs(user)
  const badge = new BadgeFollower(socket)
  await badge.until(({ unread }) => unread === 0)
  await tokenWith(accountUser, 7)
  await warn()
  await badge.until(({ unread }) => unread === 1)

  const url = `https://lanyard.example.com/settings/tokens?account=${account.id}`
  const title = 'The access token “Bridge” expires soon'
  const { items, mails } = await toldTo(user)
  expect(items).toMatchObject([{ title, entity: { name: 'Bridge', url } }])
  const date = new Intl.DateTimeFormat('en-US', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: user.timeZone,
  }).format(inDays(7))
  expect(items[0]?.body).toContain(date)
  expect(items[0]?.body).toContain(account.name)
  expect(mails).toMatchObject([
    {
      state: 'QUEUED',
      content: { eventType: 'TOKEN_EXPIRING', title, entity: { url }, accountName: account.name },
    },
  ])
})

test.each([
  ['DE', 'Das Zugriffstoken „Bridge“ läuft bald ab'],
  ['FR', 'Le jeton d’accès «\u00a0Bridge\u00a0» expire bientôt'],
])('somebody who reads %s is told in it', async (language, title) => {
  const { user, accountUser } = await server.build.member()
  await (await server.as(user)).mutate('updatePreferences', { language }, 'me { id }')
  await tokenWith(accountUser, 20)
  await warn()
  expect((await toldTo(user)).items).toMatchObject([{ title }])
})

test('a token is not warned of by a time that it was never away from its end', async () => {
  const { user, accountUser } = await server.build.member()
  await tokenWith(accountUser, 30, 30)
  await tokenWith(accountUser, 7, 7)
  await tokenWith(accountUser, 6, 6)
  await tokenWith(accountUser, 1, 1)
  await warn()
  expect(await countsOf(user)).toEqual([0, 0])
  await tokenWith(accountUser, 7, 30)
  await warn()
  expect(await countsOf(user)).toEqual([1, 1])
})

test('after a stand-still only the latest warning is told, and none of what has ended', async () => {
  const { user, accountUser } = await server.build.member()
  await tokenWith(accountUser, 5)
  await tokenWith(accountUser, 0)
  await tokenWith(accountUser, -3)
  await warn()
  expect(await countsOf(user)).toEqual([1, 1])
})

test('a token that is being replaced ends in silence, and the new one has its own end', async () => {
  const { user, accountUser } = await server.build.member()
  const { id } = await tokenWith(accountUser, 60)
  await (
    await server.as(user)
  ).mutate('rotatePersonalAccessToken', { personalAccessTokenId: id, overlapHours: 48 }, 'token')
  clock.advanceSeconds(1.5 * daySeconds)
  await warn()
  expect(await countsOf(user)).toEqual([0, 0])
})

test.each([
  { channels: [] as string[], expected: [0, 0] },
  { channels: ['IN_APP'], expected: [1, 0] },
  { channels: ['EMAIL'], expected: [0, 1] },
])('with $channels chosen, items and mails are $expected', async ({ channels, expected }) => {
  const { user, accountUser } = await server.build.member()
  const preferences = [{ eventType: 'TOKEN_EXPIRING', channels }]
  await (
    await server.as(user)
  ).mutate(
    'setNotificationPreferences',
    { accountUserId: accountUser.id, preferences },
    'accountUser { id }',
  )
  await tokenWith(accountUser, 7)
  await warn()
  expect(await countsOf(user)).toEqual(expected)
})

test('two processes at once tell of each of many tokens once, and a page is not the end', async () => {
  const { user, accountUser } = await server.build.member()
  // More than are looked at in one go.
  await sql`insert into personal_access_token (user_id, id, account_user_id, name, last_four, created_at, expires_at)
    select ${accountUser.userId}, uuidv7(), ${accountUser.id}, 'Token ' || number, 'abcd', ${inDays(-60)}, ${inDays(7)}
    from generate_series(1, 250) as number`.execute(server.orm.em.fork().getKysely())
  await Promise.all([warn(), warnOfExpiringTokens(beside, onError), warn()])
  expect(await countsOf(user)).toEqual([250, 250])
})

test('nobody can publish such a warning', async () => {
  const { user, account } = await server.build.member({ roles: ['admin'] })
  const answer = await (
    await server.as(user)
  ).mutate(
    'publishEvent',
    { accountId: account.id, type: 'TOKEN_EXPIRING', recipients: [user.username], title: 'T', body: 'B' },
    'notified',
  )
  expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field: 'type', reason: 'UNKNOWN' })
})
