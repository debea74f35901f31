import webPush from 'web-push'

import type { StatementPool } from '../database/statements.ts'
import { type Clock, timeForDatabase } from '../lib/clock.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import { exitCodes, StartupError } from '../startup-error.ts'

/** Names this server to push services (RFC 8292), both base64url: P-256, the public key uncompressed. */
export interface VapidKeys {
  publicKey: string
  privateKey: string
}

const keyName = 'vapid'
const binding = 'server_key:vapid'

const insertStatement = {
  name: 'insert_server_key',
  text: `insert into server_key (name, sealed, created_at)
    values ($1, $2, coalesce($3::timestamptz, clock_timestamp())) on conflict (name) do nothing`,
}
const forgetStatement = {
  name: 'forget_server_key',
  text: 'delete from server_key where name = $1 and not exists (select from push_device) returning 1',
}
const findStatement = { name: 'find_server_key', text: 'select sealed from server_key where name = $1' }

/**
 * The pair that every registered browser was told of, made when there is none yet. Of servers that start together,
 * all take what the first wrote.
 * @throws StartupError when none of our keys opens it and a device is registered: a new pair would silence it
 */
export async function openVapidKeys(
  statements: StatementPool,
  sealing: SealingKeys,
  clock: Clock,
): Promise<VapidKeys> {
  const known = await findKeys(statements)
  const opened = known && openKeys(sealing, known)
  if (opened) return opened
  if (known) await forgetKeys(statements)

  const sealed = sealing.seal(JSON.stringify(webPush.generateVAPIDKeys()), binding)
  await statements.write(insertStatement, [keyName, sealed, timeForDatabase(clock)])
  const written = await findKeys(statements)
  const pair = written && openKeys(sealing, written)
  if (!pair) throw new Error('the VAPID keys were changed while they were made')
  return pair
}

/** @throws StartupError where browsers know the pair; where none does, another is as good */
async function forgetKeys(statements: StatementPool): Promise<void> {
  const forgotten = await statements.write(forgetStatement, [keyName])
  if (forgotten.length > 0) return
  throw new StartupError(
    'SECRET_KEYS: lacks the key that sealed what is in this database. Add it, or put the data folder back.',
    exitCodes.configuration,
  )
}

async function findKeys(statements: StatementPool): Promise<Buffer | undefined> {
  const [row] = await statements.run<{ sealed: Buffer }>(findStatement, [keyName])
  return row?.sealed
}

function openKeys(sealing: SealingKeys, sealed: Buffer): VapidKeys | undefined {
  let opened: string
  try {
    opened = sealing.open(sealed, binding)
  } catch {
    return undefined
  }
  // Sealed above, in this very shape.
  return JSON.parse(opened) as VapidKeys
}
