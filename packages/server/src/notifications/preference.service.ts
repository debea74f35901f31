import { LockMode } from '@mikro-orm/core'

import { Account } from '../accounts/account.entity.ts'
import { requireMembership } from '../accounts/account-user.service.ts'
import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { badInput } from '../errors/app-error.ts'
import type { Viewer } from '../viewer.ts'
import { Channel } from '../delivery/channel.ts'
import { kindOfEvent, usualChannelsOf } from './event-catalogue.ts'
import { NotificationPreferenceOverride } from './notification-preference.entity.ts'
import { eventChannels } from './event-channels.ts'
import { channelsAsText, storeChoice } from './event-choice.ts'
import type { NotificationPreferenceInput, SetNotificationPreferencesInput } from './preference.types.ts'

/**
 * Sets what reaches the viewer about the named event types in one account; the others stay as they are.
 * A choice equal to the usual one is no row.
 * @returns the membership's id
 * @throws AppError BAD_USER_INPUT, NOT_FOUND
 */
export async function setNotificationPreferences(
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  viewer: Viewer,
  { accountUserId, preferences }: SetNotificationPreferencesInput,
): Promise<string> {
  checkPreferences(preferences)
  return ctx.em.transactional(async (tx) => {
    const membership = await requireMembership(tx, viewer, { id: accountUserId }, 'accountUserId', {
      lockMode: LockMode.PESSIMISTIC_WRITE,
    })
    const owner = { userId: viewer.userId, accountUserId: membership.id }
    const overrides = await tx.find(NotificationPreferenceOverride, owner)
    const overrideOf = new Map(overrides.map((override) => [override.eventType, override]))

    const changes = preferences.flatMap(({ eventType, channels: wanted }) => {
      const override = overrideOf.get(eventType)
      const before = channelsAsText(override?.channels ?? usualChannelsOf(eventType))
      const after = channelsAsText(wanted)
      if (before === after) return []

      storeChoice(tx, override, { ...owner, eventType, channels: wanted })
      return [{ field: eventType, before, after }]
    })
    if (changes.length > 0) {
      const { id: accountId, name: subject } = await tx.findOneOrFail(Account, { id: membership.accountId })
      recordActivity(tx, ctx, viewer, {
        action: 'NOTIFICATION_PREFERENCES_SET',
        subject,
        accountId,
        changes,
      })
    }
    return membership.id
  })
}

const matrixChannels: ReadonlySet<Channel> = new Set([Channel.IN_APP, ...eventChannels])

function checkPreferences(preferences: readonly NotificationPreferenceInput[]): void {
  const seen = new Set<string>()
  for (const [index, { eventType, channels }] of preferences.entries()) {
    const field = `preferences.${index}.eventType`
    if (!kindOfEvent(eventType)) throw badInput(field, 'UNKNOWN')
    if (seen.has(eventType)) throw badInput(field, 'DUPLICATE')
    seen.add(eventType)
    if (!channels.every((channel) => matrixChannels.has(channel)))
      throw badInput(`preferences.${index}.channels`, 'UNKNOWN')
  }
}
