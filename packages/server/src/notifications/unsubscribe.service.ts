import { LockMode } from '@mikro-orm/core'

import { Account } from '../accounts/account.entity.ts'
import { AccountUser } from '../accounts/account-user.entity.ts'
import { recordOwnActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { Channel } from '../delivery/channel.ts'
import { User } from '../users/user.entity.ts'
import { eventsOfCategory, usualChannelsOf } from './event-catalogue.ts'
import { channelsAsText, storeChoice } from './event-choice.ts'
import { NotificationKind } from './notification.entity.ts'
import { NotificationPreferenceOverride } from './notification-preference.entity.ts'
import type { Subscription } from './unsubscribe-link.ts'

/** Whom a link is about, and which account. */
export interface Subscriber {
  user: User
  account: Account
}

/** @returns null when they belong to the account no more, and get no mail about it */
export async function findSubscriber(
  { em }: Pick<Context, 'em'>,
  { userId, accountUserId }: Subscription,
): Promise<Subscriber | null> {
  const membership = await em.findOne(AccountUser, { userId, id: accountUserId })
  if (!membership) return null
  const user = await em.findOneOrFail(User, { id: userId })
  return { user, account: await em.findOneOrFail(Account, { id: membership.accountId }) }
}

/**
 * Takes mail out of what is in force for the event types of a category, alerts left alone, at the request of whoever has
 * the mail with the link. What else was chosen stays; done twice it changes nothing.
 */
export async function unsubscribe(
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  { userId, accountUserId, category }: Subscription,
): Promise<void> {
  await ctx.em.transactional(async (tx) => {
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE } as const
    const membership = await tx.findOne(AccountUser, { userId, id: accountUserId }, lock)
    if (!membership) return
    const overrides = await tx.find(NotificationPreferenceOverride, { userId, accountUserId })
    const overrideOf = new Map(overrides.map((override) => [override.eventType, override]))
    const changes = eventsOfCategory(category, NotificationKind.NOTIFICATION).flatMap((eventType) => {
      const override = overrideOf.get(eventType)
      const chosen = override?.channels ?? usualChannelsOf(eventType)
      if (!chosen.includes(Channel.EMAIL)) return []

      const channels = chosen.filter((channel) => channel !== Channel.EMAIL)
      storeChoice(tx, override, { userId, accountUserId, eventType, channels })
      return [{ field: eventType, before: channelsAsText(chosen), after: channelsAsText(channels) }]
    })
    if (changes.length === 0) return

    const { id: accountId, name: subject } = await tx.findOneOrFail(Account, { id: membership.accountId })
    recordOwnActivity(tx, ctx, { action: 'EMAIL_UNSUBSCRIBED', userId, subject, accountId, changes })
  })
}
