import pg from 'pg'
import { afterAll, beforeEach, expect, test } from 'vitest'

import { createTestDatabase } from '../../test/database.ts'
import { StatementPool } from '../database/statements.ts'
import { systemClock } from '../lib/clock.ts'
import { newSealingKey, SealingKeys } from '../sealing-keys.ts'
import { StartupError } from '../startup-error.ts'
import { openVapidKeys } from './vapid-keys.ts'

const database = await createTestDatabase()
const statements = new StatementPool({ databaseUrl: database.url, named: true })
const client = new pg.Client({ connectionString: database.url })
await client.connect()
afterAll(async () => {
  await client.end()
  await statements[Symbol.asyncDispose]()
  await database.drop()
})
beforeEach(() => client.query('delete from server_key'))

const sealing = new SealingKeys([newSealingKey()])
const open = (keys = sealing) => openVapidKeys(statements, keys, systemClock)

test('servers that start together all take the same pair, and so does one that starts later', async () => {
  const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => open()))
  expect(Buffer.from(first?.publicKey ?? '', 'base64url')).toHaveLength(65)
  expect(Buffer.from(first?.privateKey ?? '', 'base64url')).toHaveLength(32)
  for (const other of [...others, await open()]) expect(other).toEqual(first)
})

test('the private key is not in the database', async () => {
  const { privateKey } = await open()
  const { rows } = await client.query<{ sealed: Buffer }>('select sealed from server_key')
  expect(rows).toHaveLength(1)
  expect(rows[0]?.sealed.includes(privateKey)).toBe(false)
  expect(rows[0]?.sealed.includes(Buffer.from(privateKey, 'base64url'))).toBe(false)
})

test('without the key that sealed it another pair is made as long as no browser knows the old one', async () => {
  const pair = await open()
  const others = new SealingKeys([newSealingKey()])
  const fresh = await open(others)
  expect(fresh).not.toEqual(pair)
  expect(await open(others)).toEqual(fresh)
})

test('once a device is registered, the server does not start without the key, and the pair is kept', async () => {
  const pair = await open()
  await client.query(`with person as (
      insert into "user" (id, username, name, public_name, created_at)
      values (gen_random_uuid(), 'sample', 'Sample', 'Sample', now()) returning id
    ) insert into push_device (user_id, id, name, endpoint_hash, subscription, created_at)
    select id, gen_random_uuid(), 'Firefox on Linux', '\\x01', '\\x02', now() from person`)
  await expect(open(new SealingKeys([newSealingKey()]))).rejects.toThrow(StartupError)
  expect(await open()).toEqual(pair)
})
