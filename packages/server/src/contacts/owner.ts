import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

import type { Context } from '../context.ts'
import { Channel } from '../delivery/channel.ts'
import type { Deed, Message } from '../delivery/message.ts'
import { User } from '../users/user.entity.ts'
import { Email } from './email.entity.ts'

/** Whose addresses change, with the row locked: which is primary and which is the last is settled one change at a time. */
export function lockOwner(tx: EntityManager, userId: string): Promise<User> {
  return tx.findOneOrFail(User, { id: userId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
}

/** Where messages about the person's own settings go first. */
export function primaryEmailOf(tx: EntityManager, { id }: User): Promise<Email | null> {
  return tx.findOne(Email, { userId: id, primary: true })
}

/** A mailbox to tell; its id is null once it is nobody's. */
export interface Mailbox {
  id: string | null
  address: string
}

/** Tells a person of a change by mail to each of the mailboxes, in the transaction that makes it. */
export async function tellOwner(
  tx: EntityManager,
  { deliveries }: Pick<Context, 'deliveries'>,
  owner: User,
  message: Message,
  mailboxes: readonly Mailbox[],
): Promise<void> {
  for (const { id, address } of mailboxes) {
    await deliveries.queue(tx, {
      userId: owner.id,
      message,
      recipient: owner,
      ways: [{ channel: Channel.EMAIL, addressId: id, address }],
    })
  }
}

/** Where and when it is done, for whoever did not do it. */
export function deedOf({ clock, origin }: Pick<Context, 'clock' | 'origin'>): Deed {
  return { at: clock.now().toISOString(), from: origin.address, device: origin.device }
}
