import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'

import type { Channel } from '../delivery/channel.ts'

/**
 * What a person chose for one event type in one account, where it differs from what everybody starts with.
 * A new person has no rows.
 */
@Entity({ tableName: 'notification_preference' })
export class NotificationPreferenceOverride {
  [PrimaryKeyProp]?: ['userId', 'accountUserId', 'eventType']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @PrimaryKey({ type: 'uuid' })
  accountUserId!: string

  @PrimaryKey({ type: 'string', length: 64 })
  eventType!: string

  /** Empty = nothing is sent. */
  @Property({ type: 'array' })
  channels!: Channel[]
}
