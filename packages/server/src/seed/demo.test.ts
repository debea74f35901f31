import { afterAll, expect, test } from 'vitest'
import { verify } from '@node-rs/argon2'
import { Client } from 'pg'
import { testSealing } from '../../test/secret-keys.ts'
import { createTestDatabase } from '../../test/database.ts'
import { demonstration, seedDemonstration } from './demo.ts'

const database = await createTestDatabase()
const client = new Client({ connectionString: database.url })
await client.connect()
afterAll(async () => {
  await client.end()
  await database.drop()
})

const now = new Date('2026-11-23T08:12:00Z')

async function rows(statement: string): Promise<unknown[]> {
  return (await client.query<Record<string, unknown>>(statement)).rows
}

test('an empty database gets the demonstration once, however many servers start on it', async () => {
  const clock = { now: () => now }
  const seeded = await Promise.all([
    seedDemonstration(database.url, clock, testSealing),
    seedDemonstration(database.url, clock, testSealing),
  ])
  expect(seeded.toSorted()).toEqual([false, true])
  expect(await seedDemonstration(database.url, clock, testSealing)).toBe(false)
  expect(await rows('select count(*)::int as people from "user"')).toEqual([{ people: 4 }])
})

test('both people can sign in, and both belong to both accounts', async () => {
  const signIns = await client.query<{ username: string; hash: string }>(
    'select username, hash from "user" join password on user_id = id order by username',
  )
  expect(signIns.rows.map(({ username }) => username)).toEqual([demonstration.admin, demonstration.member])
  for (const { hash } of signIns.rows) expect(await verify(hash, demonstration.password)).toBe(true)

  expect(
    await rows(`select username, array_agg(account.name::text order by account.name) as accounts from account_user
      join account on account.id = account_id join "user" on "user".id = user_id
      where username in ('admin', 'member') group by username order by username`),
  ).toEqual([
    { username: 'admin', accounts: ['Acme Networks', 'Northwind Fibre'] },
    { username: 'member', accounts: ['Acme Networks', 'Northwind Fibre'] },
  ])
})

test('everybody has a proven primary email and phone that nothing blocks, and no rule is attached', async () => {
  const proven = (table: string, key: string) =>
    rows(`select count(*)::int as proven from ${table} where "primary" and verified_at is not null
      and not exists (select 1 from blocked_address where blocked_address.address_key = ${table}.${key})`)
  expect(await proven('email', 'address_key')).toEqual([{ proven: 4 }])
  expect(await proven('phone', 'number')).toEqual([{ proven: 4 }])
  expect(await rows('select 1 from account_user where notification_rule_id is not null')).toEqual([])
  expect(await rows('select count(*)::int as rules from notification_rule')).toEqual([{ rules: 2 }])
})

test('the admin has an email that came back, and a phone that waits for its code', async () => {
  expect(
    await rows(`select address, reason, last_failed_reason, detail = last_failed_detail as same from email
      join blocked_address using (address_key) join address_health on address_id = email.id
      where email.verified_at is not null and last_delivered_at < blocked_at`),
  ).toEqual([
    { address: 'mara@fieldops.example.com', reason: 'BOUNCE', last_failed_reason: 'BOUNCED', same: true },
  ])
  expect(await rows('select number, line_type from phone where verified_at is null')).toEqual([
    { number: '+12025550178', line_type: 'FIXED_LINE_OR_MOBILE' },
  ])
})

test('the people who sign in have devices and a Slack link, and every address that works was reached in the last day or two', async () => {
  expect(
    await rows(`select username, (select count(*)::int from push_device where user_id = "user".id) as devices,
        (select count(*)::int from slack_link where user_id = "user".id) as links,
        (select count(*)::int from delivery where user_id = "user".id and state = 'DELIVERED') as delivered,
        (select count(*)::int from address_health where user_id = "user".id
          and last_delivered_at > '${now.toISOString()}'::timestamptz - interval '2 days') as working
      from "user" where username in ('admin', 'member') order by username`),
  ).toEqual([
    { username: 'admin', devices: 2, links: 1, delivered: 7, working: 5 },
    { username: 'member', devices: 1, links: 1, delivered: 4, working: 4 },
  ])
})

test('the badges count what is unread', async () => {
  const counted = await rows(`select user_id, account_id, count(*)::int as unread,
    count(*) filter (where kind = 'ALERT')::int as alerts
    from notification where read_at is null group by user_id, account_id order by user_id, account_id`)

  expect(counted).toHaveLength(4)
  expect(
    await rows(
      'select user_id, account_id, unread, alerts from badge where unread > 0 order by user_id, account_id',
    ),
  ).toEqual(counted)
})

test('nothing is dated later than the clock says, and what ends ends later', async () => {
  const isLater = (table: string, column: string) =>
    `select 1 from ${table} where ${column} > '${now.toISOString()}'`
  expect(await rows(isLater('notification', 'created_at'))).toEqual([])
  expect(await rows(isLater('notification', 'read_at'))).toEqual([])
  expect(await rows(isLater('activity', 'at'))).toEqual([])
  expect(await rows(isLater('blocked_address', 'blocked_at'))).toEqual([])
  expect(await rows(isLater('personal_access_token', 'expires_at'))).toHaveLength(2)
})
