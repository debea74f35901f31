import type { EntityManager } from '@mikro-orm/postgresql'

import type { Context } from '../context.ts'
import type { Message } from '../delivery/message.ts'
import type { User } from '../users/user.entity.ts'
import { primaryEmailOf, tellOwner } from './owner.ts'

/** Warns a person where a stranger in their session does not read along; nobody without a proven email. */
export async function tellPrimaryEmail(
  tx: EntityManager,
  ctx: Pick<Context, 'deliveries'>,
  owner: User,
  message: Message,
): Promise<void> {
  const primary = await primaryEmailOf(tx, owner)
  if (primary) await tellOwner(tx, ctx, owner, message, [primary])
}
