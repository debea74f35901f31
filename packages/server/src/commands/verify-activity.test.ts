import pg from 'pg'
import { afterAll, expect, test } from 'vitest'

import { createTestDatabase } from '../../test/database.ts'
import { testSealing } from '../../test/secret-keys.ts'
import { systemClock } from '../lib/clock.ts'
import { seedDemonstration } from '../seed/demo.ts'
import { verifyActivity } from './verify-activity.ts'

const database = await createTestDatabase()
const client = new pg.Client({ connectionString: database.url })
await client.connect()
afterAll(async () => {
  await client.end()
  await database.drop()
})
await seedDemonstration(database.url, systemClock, testSealing)

test('whole histories are told in one line, everybody’s or one person’s', async () => {
  const everybody = await verifyActivity(database.url)
  expect(everybody).toEqual({
    intact: true,
    lines: [expect.stringMatching(/^\d+ histories with \d+ entries: 0 broken\.$/)],
  })
  const one = await verifyActivity(database.url, 'ADMIN')
  expect(one).toEqual({
    intact: true,
    lines: [expect.stringMatching(/^1 histories with \d+ entries: 0 broken\.$/)],
  })
})

test('a broken history is told by its person and the entry', async () => {
  await client.query('set session_replication_role = replica')
  await client.query(`update activity_entry set action = 'ADDRESS_MOVED' where position = 2
    and user_id = (select user_id from login_name where name = 'admin')`)
  expect(await verifyActivity(database.url)).toEqual({
    intact: false,
    lines: [
      'admin, entry 2: the entry is not as it was written',
      expect.stringMatching(/^\d+ histories with \d+ entries: 1 broken\.$/),
    ],
  })
  expect((await verifyActivity(database.url, 'member')).intact).toBe(true)
})

test('a username that nobody has is named', async () => {
  await expect(verifyActivity(database.url, 'nobody-here')).rejects.toThrow(
    'Nobody has the username nobody-here.',
  )
})
