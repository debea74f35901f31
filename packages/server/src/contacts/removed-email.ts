import type { EntityManager } from '@mikro-orm/postgresql'

import type { Email } from './email.entity.ts'

/**
 * Keeps an address that was proven when it is removed: a stranger who removes it shall not take the way back with it.
 * `security/way-back.ts` says for how long it counts.
 */
export async function keepRemoved(tx: EntityManager, email: Email, removedAt: Date): Promise<void> {
  const { userId, id, address, addressKey, verifiedAt } = email
  if (verifiedAt === null) return
  await tx.execute(
    `insert into removed_email (user_id, id, address, address_key, proven_at, removed_at)
      values (?, ?, ?, ?, ?, ?)
      on conflict (user_id, address_key) do update set removed_at = excluded.removed_at`,
    [userId, id, address, addressKey, verifiedAt, removedAt],
  )
}

/**
 * Ends what is kept of an address that is proven now. To whoever else had it, it is no way back any more, nor does it
 * become one when it is removed again: somebody else reads its mail.
 * @returns when the same person proved it first, if that is kept
 */
export async function endRemoved(
  tx: EntityManager,
  { userId, addressKey }: Pick<Email, 'userId' | 'addressKey'>,
): Promise<Date | undefined> {
  const ended = await tx.execute<{ user_id: string; proven_at: Date | string }[]>(
    'delete from removed_email where address_key = ? returning user_id, proven_at',
    [addressKey],
  )
  const own = ended.find(({ user_id }) => user_id === userId)
  return own && new Date(own.proven_at)
}
