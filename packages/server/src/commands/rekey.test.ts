import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import pg from 'pg'
import { afterAll, expect, test } from 'vitest'

import { createTestDatabase } from '../../test/database.ts'
import { startCommand, startServerProcess } from '../../test/server-process.ts'
import { bindingOfPushDevice } from '../contacts/push-device.service.ts'
import { bindingOfDelivery } from '../delivery/delivery-desk.ts'
import { newId } from '../lib/ids.ts'
import { bindingOfClientSecret } from '../security/sso/sso-connection.entity.ts'
import { bindingOfDetails } from '../security/sso/sso-request.ts'
import { bindingOfFactor } from '../security/totp-factor.ts'
import { sealedColumns } from '../sealed-columns.ts'
import { newSealingKey, SealingKeys } from '../sealing-keys.ts'
import { countOldSeals, rekey } from './rekey.ts'

const database = await createTestDatabase()
const client = new pg.Client({ connectionString: database.url })
await client.connect()
afterAll(async () => {
  await client.end()
  await database.drop()
})

const [older, newer] = [newSealingKey(), newSealingKey()]
const [old, both, anew] = [
  new SealingKeys([older]),
  new SealingKeys([newer, older]),
  new SealingKeys([newer]),
]

const environmentWith = (...keys: string[]) => ({
  DATABASE_URL: database.appUrl,
  MIGRATION_DATABASE_URL: database.url,
  PUBLIC_URL: 'http://localhost:4000',
  DEMO: 'on',
  SECRET_KEYS: keys.join(),
})

/** Columns of bytes that hold no sealed value: digests, signatures, salts, pictures, keys that are public. */
const plainColumns = [
  'activity_detail.salt',
  'activity_entry.detail_digest',
  'activity_entry.digest',
  'activity_head.digest',
  'address_proof.code_mac',
  'avatar.bytes',
  'idempotency_key.body_hash',
  'known_device.hash',
  'passkey.credential_id',
  'passkey.public_key',
  'passkey_challenge.hash',
  'passkey_key.credential_id',
  'password_reset.hash',
  'pending_sign_in.hash',
  'push_device.endpoint_hash',
  'recovery_code.mac',
  'session_key.hash',
  'setup_link.hash',
  'slack_link_request.hash',
  'sso_request.browser_hash',
  'sso_request.hash',
  'token_key.hash',
]

/** The files that seal. Another one has a column to list in sealed-columns.ts, unless it seals for minutes only. */
const sealingFiles = [
  'commands/rekey.ts',
  'contacts/push-device.service.ts',
  'contacts/slack-link.service.ts',
  'delivery/delivery-desk.ts',
  'security/sso/oidc.ts',
  'security/sso/saml-protocol.ts',
  // A cookie of ten minutes.
  'security/sso/sso-refusal.ts',
  'security/sso/sso-request.ts',
  'security/two-factor.service.ts',
  'seed/insert-demo-contacts.ts',
  'server-key.ts',
]

const registered = sealedColumns.map(({ table, column }) => `${table}.${column}`)

async function addDevices(sealing: SealingKeys, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId())
  const seals = ids.map((id) => sealing.seal(`endpoint of ${id}`, bindingOfPushDevice(id)))
  await client.query(
    `insert into push_device (user_id, id, name, endpoint_hash, subscription, created_at)
      select (select id from "user" order by id limit 1), device.id, 'Sample', sha256(device.seal), device.seal, now()
      from unnest($1::uuid[], $2::bytea[]) as device (id, seal)`,
    [ids, seals],
  )
  return ids
}

/** A second factor that is on, and one that is being set up. */
async function addFactor(sealing: SealingKeys): Promise<void> {
  const { rows } = await client.query<{ id: string }>('select id from "user" order by id limit 1')
  const userId = rows[0]?.id ?? ''
  const seal = (table: 'totp_factor' | 'totp_setup', column: 'secret' | 'recovery_key') =>
    sealing.seal(`${column} of ${table}`, bindingOfFactor(table, userId, column))
  await client.query(
    `insert into totp_factor (user_id, secret, recovery_key, last_step, enabled_at) values ($1, $2, $3, 0, now())`,
    [userId, seal('totp_factor', 'secret'), seal('totp_factor', 'recovery_key')],
  )
  await client.query(
    `insert into totp_setup (user_id, secret, recovery_key, recovery_macs, expires_at) values ($1, $2, $3, '{}', now())`,
    [userId, seal('totp_setup', 'secret'), seal('totp_setup', 'recovery_key')],
  )
}

/** A connection with its secret, and a browser that was sent to its provider. */
async function addSignOn(sealing: SealingKeys): Promise<void> {
  const { rows } = await client.query<{ id: string }>('select id from account order by id limit 1')
  const [accountId, connectionId, hash] = [rows[0]?.id ?? '', newId(), randomBytes(32)]
  await client.query(
    `insert into sso_connection (account_id, id, name, protocol, settings, create_just_in_time, client_secret,
        created_at, changed_at)
      values ($1, $2, 'Sample', 'OIDC', '{}', false, $3, now(), now())`,
    [accountId, connectionId, sealing.seal('client secret', bindingOfClientSecret(connectionId))],
  )
  await client.query(
    `insert into sso_request (hash, stage, browser_hash, account_id, connection_id, connection_changed_at, purpose,
        unsolicited, details, created_at, expires_at)
      select $1, 'BEGUN', $1, account_id, id, changed_at, 'SIGN_IN', false, $3, now(), now() from sso_connection where id = $2`,
    [hash, connectionId, sealing.seal('{}', bindingOfDetails(hash))],
  )
}

async function sealsOf(
  place: string,
  key: readonly string[],
): Promise<{ key: string[]; sealed: Buffer }[]> {
  const [table = '', column = ''] = place.split('.')
  const { rows } = await client.query<{ key: string[]; sealed: Buffer }>(
    `select array[${key.map((name) => `${name}::text`).join()}]::text[] as key, ${column} as sealed from ${table}
      where ${column} is not null`,
  )
  return rows
}

/** Opens every sealed value of the database. @returns how many there are in each column */
async function openAll(sealing: SealingKeys): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { table, key, column, bindingOf } of sealedColumns) {
    const seals = await sealsOf(`${table}.${column}`, key)
    for (const row of seals) sealing.open(row.sealed, bindingOf(...row.key))
    counts[`${table}.${column}`] = seals.length
  }
  return counts
}

// Source: S-Q3.
test('after a rekey that was killed in the middle and run again, the old key is not needed any more', async () => {
  await using first = startServerProcess(environmentWith(older))
  await first.until('Ctrl-C')
  expect(first.output()).toContain('Made the demonstration people')
  const devices = await addDevices(old, 1000)
  const { rows: deliveries } = await client.query<{ id: string }>('select id from delivery limit 1')
  const id = deliveries[0]?.id ?? ''
  const secrets = old.seal('{"code": "472913"}', bindingOfDelivery(id))
  await client.query('update delivery set secrets = $2 where id = $1', [id, secrets])
  await addFactor(old)
  await addSignOn(old)
  const counts = await openAll(old)
  expect(Object.keys(counts).toSorted()).toEqual(registered.toSorted())
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(0)
  const oldSeals = await countOldSeals(client, both)

  // It cannot come past a row that is locked, and so not to its end before it is killed.
  await client.query('begin')
  await client.query('select from push_device where id = $1 for update', [devices.toSorted().at(-1)])
  const killed = startCommand(environmentWith(newer, older), 'rekey')
  await killed.until('push_device.subscription: 400')
  killed.child.kill('SIGKILL')
  await killed.exitCode()
  await client.query('rollback')
  const left = await countOldSeals(client, both)
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(oldSeals)
  expect(await openAll(both)).toEqual(counts)

  const again = startCommand(environmentWith(newer, older), 'rekey')
  expect(await again.exitCode()).toBe(0)
  expect(again.output()).toContain(`${left} values were sealed anew.`)
  expect(await openAll(anew)).toEqual(counts)

  await using last = startServerProcess(environmentWith(newer))
  await last.until('Ctrl-C')
  expect(last.output()).toContain('Lanyard runs at')
}, 60_000)

test('every column of bytes is known to be sealed or not to be, and no value is sealed where nobody seals anew', async () => {
  const { rows } = await client.query<{ place: string; table: string; column: string }>(
    `select relname || '.' || attname as place, relname as table, attname as column
      from pg_attribute join pg_class on pg_class.oid = attrelid
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
        and atttypid = 'bytea'::regtype and attnum > 0 and not attisdropped`,
  )
  expect(rows.map(({ place }) => place).toSorted()).toEqual([...plainColumns, ...registered].toSorted())
  for (const place of plainColumns) {
    const seals = await sealsOf(place, [])
    expect(seals.filter(({ sealed }) => both.knows(sealed))).toEqual([])
  }
})

test('whatever seals is known, so that a new column cannot be forgotten', () => {
  const sources = join(import.meta.dirname, '..')
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      !file.endsWith('.test.ts') &&
      /\bsealing\.seal\(|Sealing\.seal\(/.test(readFileSync(join(sources, file), 'utf8')),
  )
  expect(files.toSorted()).toEqual(sealingFiles)
})

test('two that run at once, beside a server that goes on with the old key, leave nothing of the old key', async () => {
  await addDevices(old, 1000)
  await Promise.all([rekey(database.url, both), rekey(database.appUrl, both), addDevices(old, 5)])
  await rekey(database.url, both)
  expect(await countOldSeals(client, both)).toBe(0)
  await expect(openAll(anew)).resolves.toBeDefined()
})

test('what was put into another row, or what a lost key sealed, is told and left as it is', async () => {
  const [mine = '', other = ''] = await addDevices(old, 2)
  const [lost = ''] = await addDevices(new SealingKeys([newSealingKey()]), 1)
  await client.query(
    `update push_device d set subscription = e.subscription from push_device e
      where (d.id, e.id) in (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))`,
    [mine, other],
  )
  const seals = async () =>
    (
      await client.query<{ id: string; subscription: Buffer }>(
        'select id, subscription from push_device where id = any($1) order by id',
        [[mine, other, lost]],
      )
    ).rows
  const before = await seals()
  for (const { id, subscription } of before) {
    expect(() => both.open(subscription, bindingOfPushDevice(id))).toThrow(/authenticate|lacks/)
  }
  expect(await rekey(database.url, both)).toEqual({
    resealed: 0,
    lost: [{ place: 'push_device.subscription', values: 3 }],
  })
  expect(await seals()).toEqual(before)
})
