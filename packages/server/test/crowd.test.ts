import pg from 'pg'
import { afterAll, expect, test } from 'vitest'

import { isWellFormedToken } from '../src/tokens/token-format.ts'
import { seedCrowd, sessionKeyOf, tokenOf, usernameOf } from './crowd.ts'
import { createTestServer } from './server.ts'

const people = 230
const server = await createTestServer()
const client = new pg.Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())
await seedCrowd(client, { people })

const document = `{ me {
  username
  emails { address verifiedAt } phones { number } currentSession { id }
  accountUsers { account { id } roles { name } }
  notifications(first: 100) { totalCount nodes { readAt kind } }
  notificationBadge { unread alerts version accounts { unread } }
  activity(first: 100) { nodes { id } }
} }`

test.each([1, 2, people])('person %i of a crowd is whole, and signed in', async (number) => {
  const { data, errors } = await server.withCookie(sessionKeyOf(number)).query(document)
  expect(errors).toBeUndefined()
  const { emails, phones, accountUsers, currentSession, notifications, notificationBadge, activity } =
    data.me
  expect(data.me.username).toBe(usernameOf(number))
  expect(emails).toHaveLength(2)
  expect(phones).toHaveLength(2)
  expect(currentSession).not.toBeNull()
  expect(new Set(accountUsers.map(({ account }: { account: { id: string } }) => account.id)).size).toBe(2)
  expect(notifications.totalCount).toBe(20)
  expect(activity.nodes).toHaveLength(10)

  const unread = notifications.nodes.filter(({ readAt }: { readAt: string | null }) => readAt === null)
  expect(notificationBadge.unread).toBe(unread.length)
  expect(notificationBadge.alerts).toBe(
    unread.filter(({ kind }: { kind: string }) => kind === 'ALERT').length,
  )
})

test('a computed token opens, and publishes where its person is an administrator', async () => {
  expect(isWellFormedToken(tokenOf(2))).toBe(true)
  const caller = server.withToken(tokenOf(2))
  const { data } = await caller.query(
    '{ me { username accountUsers { account { id } roles { name } } } notificationEventTypes { id } }',
  )
  expect(data.me.username).toBe(usernameOf(2))

  const isAdministrator = ({ roles }: { roles: { name: string }[] }) =>
    roles.some(({ name }) => name === 'Administrator')
  const { account } = data.me.accountUsers.find(isAdministrator)
  const published = await caller.mutate(
    'publishEvent',
    {
      accountId: account.id,
      type: 'TICKET_ASSIGNED',
      recipients: [usernameOf(2)],
      title: 'Ticket 7',
      body: 'Please look',
    },
    'accepted notified',
  )
  expect(published.data.publishEvent).toEqual({ accepted: true, notified: 1 })
})

test('nothing in a crowd refers to what is not there', async () => {
  const { rows } = await client.query<{ drop: string; add: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
        format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as add
      from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  )
  expect(rows.length).toBeGreaterThan(15)
  // PostgreSQL looks at every row when a constraint is added.
  for (const { drop, add } of rows) await client.query(`${drop}; ${add}`)
})

test('an account has about 100 people, however many people there are', async () => {
  const { rows } = await client.query<{ members: number }>(
    'select count(*)::int as members from account_user group by account_id',
  )
  expect(Math.min(...rows.map(({ members }) => members))).toBeGreaterThan(80)
  expect(Math.max(...rows.map(({ members }) => members))).toBeLessThanOrEqual(101)
})
