import { Field, ID, InputType, ObjectType } from 'type-graphql'

import type { PayloadOfAccountUser } from '../accounts/account.resolver.ts'
import { Channel } from '../delivery/channel.ts'

@InputType()
export class NotificationPreferenceInput {
  @Field(() => ID)
  eventType!: string

  @Field(() => [Channel], { description: 'Empty = nothing.' })
  channels!: Channel[]
}

@InputType()
export class SetNotificationPreferencesInput {
  @Field(() => ID)
  accountUserId!: string

  @Field(() => [NotificationPreferenceInput])
  preferences!: NotificationPreferenceInput[]
}

@ObjectType()
export class SetNotificationPreferencesPayload implements PayloadOfAccountUser {
  accountUserId!: string
}
