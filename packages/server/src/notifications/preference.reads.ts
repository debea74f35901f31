import { sql } from 'kysely'
import { Field, ObjectType } from 'type-graphql'

import { inBoundAccount } from '../accounts/account.reads.ts'
import { AccountUser } from '../accounts/account-user.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { ownOnly, type TypeReads } from '../lib/read-model.ts'
import type { Viewer } from '../viewer.ts'
import { Channel } from '../delivery/channel.ts'
import { eventTypes, NotificationEventType, usualChannelsOf } from './event-catalogue.ts'

/** What reaches a person about one event type in one account. */
@ObjectType({ simpleResolvers: true })
export class NotificationPreference {
  @Field(() => NotificationEventType)
  eventType!: NotificationEventType

  @Field(() => [Channel])
  channels!: Channel[]
}

contributeField(AccountUser, 'notificationPreferences', () => [NotificationPreference], {
  description: 'One per event type of the catalogue, with what is in force.',
})

export const preferenceReads: TypeReads<Viewer>[] = [
  {
    type: 'AccountUser',
    fields: {
      notificationPreferences: ownOnly(
        inBoundAccount({
          expression: (
            accountUser,
          ) => sql`(select coalesce(json_object_agg(event_type, channels), '{}'::json)
            from notification_preference where user_id = ${accountUser.column('user_id')}
              and account_user_id = ${accountUser.column('id')})`,
          present(value, viewer): NotificationPreference[] {
            // Event types with their channels: the expression above makes it so.
            const chosen = value as Partial<Record<string, Channel[]>>
            return eventTypes(viewer?.language).map((eventType) => ({
              eventType,
              channels: chosen[eventType.id] ?? [...usualChannelsOf(eventType.id)],
            }))
          },
        }),
      ),
    },
  },
]
