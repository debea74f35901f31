import pg from 'pg'
import { afterAll, expect, test } from 'vitest'

import { createTestDatabase } from '../../test/database.ts'
import { newId } from '../lib/ids.ts'
import { type BrokenHistory, verifyHistories } from './verify-histories.ts'

const database = await createTestDatabase()
const client = new pg.Client({ connectionString: database.url })
await client.connect()
afterAll(async () => {
  await client.end()
  await database.drop()
})

const longHistory = 12

/** A person with a history, whose entries have all that an entry may have, or nothing that it may lack. */
async function personWithHistory(entries = longHistory): Promise<string> {
  const userId = newId()
  await client.query(
    `insert into activity
      (user_id, id, actor_id, token_name, action, subject, account_id, changes, at, address, device)
      select $1::uuid, gen_random_uuid(), $1::uuid, 'Deploy ünïcode', 'PROFILE_UPDATED', 'Zoë ' || n, $1::uuid,
        '[{"field": "name", "before": null, "after": "Zoë"}]'::jsonb, now(), '2001:db8::1', 'Firefox on Linux'
      from generate_series(1, $2::int) as n where n % 2 = 0
      union all select $1::uuid, gen_random_uuid(), null, null, 'SIGNED_IN', '', null, '[]',
        '1969-12-31 23:59:59.123Z', null, null
      from generate_series(1, $2::int) as n where n % 2 = 1`,
    [userId, entries],
  )
  return userId
}

/** As a superuser does who switches the triggers off. */
async function tamper(statement: string, values: unknown[]): Promise<void> {
  await client.query('set session_replication_role = replica')
  try {
    const { rowCount } = await client.query(statement, values)
    expect(rowCount).toBeGreaterThan(0)
  } finally {
    await client.query('set session_replication_role = origin')
  }
}

async function brokenOf(userId: string): Promise<BrokenHistory | undefined> {
  const { broken } = await verifyHistories(client, userId)
  expect(broken.length).toBeLessThan(2)
  return broken[0]
}

test('a history that nobody touched is whole, whatever its entries have', async () => {
  const userId = await personWithHistory()
  expect(await verifyHistories(client, userId)).toEqual({
    people: 1,
    entries: longHistory,
    emptied: 0,
    broken: [],
  })
})

test.each([
  ['user_id', 'gen_random_uuid()'],
  ['id', 'gen_random_uuid()'],
  ['actor_id', 'gen_random_uuid()'],
  ['action', `'EMAIL_REMOVED'`],
  ['account_id', 'gen_random_uuid()'],
  ['at', `at + interval '1 millisecond'`],
  ['detail_digest', `sha256('')`],
  ['digest', `sha256('')`],
  ['position', '1000'],
])('an entry whose %s is not what it was is named', async (column, value) => {
  const userId = await personWithHistory()
  await tamper(`update activity_entry set ${column} = ${value} where user_id = $1 and position = 7`, [
    userId,
  ])
  expect(await brokenOf(userId)).toMatchObject({ userId, position: 7 })
})

test.each([
  ['salt', `sha256('')`],
  ['token_name', `'Other'`],
  ['subject', `'Other'`],
  ['changes', `'[]'`],
  ['address', `'192.0.2.9'`],
  ['device', 'null'],
])('an entry whose details have another %s is named', async (column, value) => {
  const userId = await personWithHistory()
  await tamper(
    `update activity_detail set ${column} = ${value} where (user_id, id) =
      (select user_id, id from activity_entry where user_id = $1 and position = 3)`,
    [userId],
  )
  expect(await brokenOf(userId)).toEqual({
    userId,
    position: 3,
    fault: 'the details of the entry are not as they were written',
  })
})

test('an entry that is missing is named, in the middle, at the end, or with all others', async () => {
  const [middle, end, all] = [
    await personWithHistory(),
    await personWithHistory(),
    await personWithHistory(),
  ]
  await tamper('delete from activity_entry where user_id = $1 and position = 5', [middle])
  await tamper('delete from activity_entry where user_id = $1 and position > 9', [end])
  await tamper('delete from activity_entry where user_id = $1', [all])

  expect(await brokenOf(middle)).toEqual({ userId: middle, position: 5, fault: 'the entry is missing' })
  expect(await brokenOf(end)).toEqual({
    userId: end,
    position: 10,
    fault: 'the last entries are missing: there were 12',
  })
  expect(await brokenOf(all)).toEqual({ userId: all, position: 1, fault: 'every entry is missing' })
})

test('a head that was thrown away or set back is named', async () => {
  const [without, setBack] = [await personWithHistory(), await personWithHistory()]
  await tamper('delete from activity_head where user_id = $1', [without])
  await tamper(
    `update activity_head h set entries = 11, digest = e.digest from activity_entry e
      where h.user_id = $1 and e.user_id = h.user_id and e.position = 11`,
    [setBack],
  )
  expect(await brokenOf(without)).toMatchObject({ fault: 'the head of the history is missing' })
  expect(await brokenOf(setBack)).toMatchObject({
    position: 12,
    fault: 'the head of the history does not know this entry',
  })
})

test('an entry that was put in is named', async () => {
  const userId = await personWithHistory()
  await tamper(
    `insert into activity_entry (user_id, id, position, action, at, detail_digest, digest)
      select user_id, gen_random_uuid(), 13, 'SIGNED_IN', now(), digest, digest from activity_head where user_id = $1`,
    [userId],
  )
  expect(await brokenOf(userId)).toMatchObject({ position: 13 })
})

test('details are erased once their person is no more, and what is left is whole', async () => {
  const userId = await personWithHistory()
  await client.query('delete from activity_detail where user_id = $1', [userId])
  expect(await verifyHistories(client, userId)).toEqual({
    people: 1,
    entries: longHistory,
    emptied: longHistory,
    broken: [],
  })
  const { rows } = await client.query('select subject, changes from activity where user_id = $1 limit 1', [
    userId,
  ])
  expect(rows).toEqual([{ subject: '', changes: [] }])
})

test('a history goes on where it was, and the first broken entry of each person is told', async () => {
  const people = [await personWithHistory(1500), await personWithHistory(3)]
  const [longest = '', shortest = ''] = people
  await tamper(`update activity_entry set action = 'X' where user_id = $1 and position in (1400, 1450)`, [
    longest,
  ])
  await tamper(`update activity_entry set action = 'X' where user_id = $1 and position = 2`, [shortest])
  const { broken, entries } = await verifyHistories(client)
  expect(entries).toBeGreaterThan(1500)
  expect(broken).toEqual(
    expect.arrayContaining([
      { userId: longest, position: 1400, fault: 'the entry is not as it was written' },
      { userId: shortest, position: 2, fault: 'the entry is not as it was written' },
    ]),
  )
  expect(broken.filter(({ userId }) => people.includes(userId))).toHaveLength(2)
})
