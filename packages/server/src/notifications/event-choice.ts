import type { EntityManager } from '@mikro-orm/postgresql'

import type { Channel } from '../delivery/channel.ts'
import { usualChannelsOf } from './event-catalogue.ts'
import { NotificationPreferenceOverride } from './notification-preference.entity.ts'

/** What somebody is told about one event type in one account. */
export interface EventChoice {
  userId: string
  accountUserId: string
  eventType: string
  channels: readonly Channel[]
}

/** Stores a choice in the place of the one before; one that is equal to the usual is no row. */
export function storeChoice(
  tx: EntityManager,
  override: NotificationPreferenceOverride | undefined,
  { channels: chosen, ...choice }: EventChoice,
): void {
  if (channelsAsText(chosen) === channelsAsText(usualChannelsOf(choice.eventType))) {
    if (override) tx.remove(override)
    return
  }
  const channels = [...new Set(chosen)].toSorted()
  tx.persist(
    override
      ? tx.assign(override, { channels })
      : tx.create(NotificationPreferenceOverride, { ...choice, channels }),
  )
}

/** Channels as the history shows them, in one order; empty = nothing. */
export function channelsAsText(channels: readonly Channel[]): string {
  return [...new Set(channels)].toSorted().join(', ')
}
