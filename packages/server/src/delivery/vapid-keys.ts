import webPush from 'web-push'

import type { StatementPool } from '../database/statements.ts'
import type { Clock } from '../lib/clock.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import { findServerKey, insertServerKey } from '../server-key.ts'
import { exitCodes, StartupError } from '../startup-error.ts'

/** Names this server to push services (RFC 8292), both base64url: P-256, the public key uncompressed. */
export interface VapidKeys {
  publicKey: string
  privateKey: string
}

const keyName = 'vapid'

const forgetStatement = {
  name: 'forget_server_key',
  text: 'delete from server_key where name = $1 and not exists (select from push_device) returning 1',
}

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
  const known = await findServerKey(statements, sealing, keyName)
  if (known?.opened !== undefined) return pairOf(known.opened)
  if (known) await forgetKeys(statements)

  const text = JSON.stringify(webPush.generateVAPIDKeys())
  await insertServerKey(statements, sealing, clock, { name: keyName, text })
  const written = await findServerKey(statements, sealing, keyName)
  if (written?.opened === undefined) throw new Error('the VAPID keys were changed while they were made')
  return pairOf(written.opened)
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

function pairOf(text: string): VapidKeys {
  // Sealed above, in this very shape.
  return JSON.parse(text) as VapidKeys
}
