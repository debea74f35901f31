import type { EntityManager } from '@mikro-orm/postgresql'

import type { CodeChannel } from './code-sending.ts'

/** An address over one of its channels: STOP by text stops texts, not calls. */
interface Reached {
  channel: CodeChannel
  /** As it is compared. */
  addressKey: string
}

export async function isBlocked(tx: EntityManager, { channel, addressKey }: Reached): Promise<boolean> {
  const rows = await tx.execute<object[]>(
    'select 1 from blocked_address where channel = ? and address_key = ?',
    [channel, addressKey],
  )
  return rows.length > 0
}

/** A code that came over the channel shows that the address can be reached over it again, and is wanted there. */
export async function liftBlock(tx: EntityManager, { channel, addressKey }: Reached): Promise<void> {
  await tx.execute('delete from blocked_address where channel = ? and address_key = ?', [
    channel,
    addressKey,
  ])
}
