import type { EntityManager } from '@mikro-orm/postgresql'

import type { Context } from '../context.ts'

/** Where the sealed columns of one person's second factor may be opened. */
export function bindingOfFactor(
  table: 'totp_factor' | 'totp_setup',
  userId: string,
  column: 'secret' | 'recovery_key',
): string {
  return `${table}:${userId}:${column}`
}

/** The secret of an authenticator app, and the key of the recovery codes. */
export interface FactorSecrets {
  secret: string
  recoveryKey: string
}

/** @returns undefined when two-factor authentication is off */
export function findFactor(
  em: EntityManager,
  sealing: Context['sealing'],
  userId: string,
): Promise<FactorSecrets | undefined> {
  return openSecrets(
    em,
    sealing,
    'totp_factor',
    userId,
    'select secret, recovery_key from totp_factor where user_id = ?',
    [userId],
  )
}

/** The set-up that waits for its first code, with its row locked; undefined when there is none, or it is too old. */
export function lockSetup(
  tx: EntityManager,
  sealing: Context['sealing'],
  userId: string,
  now: Date,
): Promise<FactorSecrets | undefined> {
  const text = 'select secret, recovery_key from totp_setup where user_id = ? and expires_at > ? for update'
  return openSecrets(tx, sealing, 'totp_setup', userId, text, [userId, now])
}

async function openSecrets(
  em: EntityManager,
  sealing: Context['sealing'],
  table: 'totp_factor' | 'totp_setup',
  userId: string,
  text: string,
  values: unknown[],
): Promise<FactorSecrets | undefined> {
  const [row] = await em.execute<{ secret: Buffer; recovery_key: Buffer }[]>(text, values)
  return (
    row && {
      secret: sealing.open(row.secret, bindingOfFactor(table, userId, 'secret')),
      recoveryKey: sealing.open(row.recovery_key, bindingOfFactor(table, userId, 'recovery_key')),
    }
  )
}
