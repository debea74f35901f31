import type { EntityManager } from '@mikro-orm/postgresql'

import { announceRevocations } from './revocation.ts'
import type { Concerned, Extent, Revoker } from './revocations.ts'

/** What this feature keeps that acts for a person. */
export const securityRevokers: readonly Revoker[] = [
  { revokes: 'sessions', revoke: endSessions },
  { revokes: 'pendingSignIns', revoke: deleteAllFrom('pending_sign_in') },
  { revokes: 'rememberedDevices', revoke: deleteAllFrom('known_device') },
  { revokes: 'resetLinks', revoke: deleteAllFrom('password_reset') },
]

async function endSessions(
  tx: EntityManager,
  { userId, sessionId }: Concerned,
  extent: Extent,
): Promise<void> {
  const kept = extent === 'others' ? (sessionId ?? null) : null
  const verb = extent === 'sockets' ? 'select id from session' : 'delete from session'
  const returned = extent === 'sockets' ? '' : 'returning id'
  const ended = await tx.execute<{ id: string }[]>(
    `${verb} where user_id = ? and id is distinct from ?::uuid ${returned}`,
    [userId, kept],
  )
  await announceRevocations(
    tx,
    ended.map(({ id }) => id),
  )
}

function deleteAllFrom(table: 'pending_sign_in' | 'known_device' | 'password_reset'): Revoker['revoke'] {
  return async (tx, { userId }) => {
    await tx.execute(`delete from ${table} where user_id = ?`, [userId])
  }
}
