import { Field, InputType, Int, ObjectType } from 'type-graphql'

import { Channel } from '../delivery/channel.ts'
import { LandingPage, Language, PersistentThreshold } from './user.entity.ts'

/** Absent fields stay as they are. */
@InputType()
export class UpdateProfileInput {
  @Field(() => String, { nullable: true })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Letters, digits, dots, dashes and underscores; 3 to 64.',
  })
  username?: string | null

  @Field(() => String, { nullable: true })
  publicName?: string | null
}

@ObjectType()
export class UpdateProfilePayload {}

/** Absent fields stay as they are. */
@InputType()
export class UpdatePreferencesInput {
  @Field(() => Language, { nullable: true })
  language?: Language | null

  @Field(() => String, { nullable: true, description: 'IANA name.' })
  timeZone?: string | null

  @Field(() => Boolean, { nullable: true })
  emojiMode?: boolean | null

  @Field(() => Int, { nullable: true, description: '5 to 100.' })
  rowsPerPage?: number | null

  @Field(() => LandingPage, { nullable: true })
  landingPage?: LandingPage | null

  @Field(() => PersistentThreshold, { nullable: true })
  appNotificationPersistent?: PersistentThreshold | null

  @Field(() => String, { nullable: true, description: 'A value of Sound in packages/contract.' })
  appNotificationSound?: string | null

  @Field(() => Boolean, { nullable: true })
  pushShowsContent?: boolean | null
}

@ObjectType()
export class UpdatePreferencesPayload {}

@InputType()
export class SetNotificationChannelsInput {
  @Field(() => [Channel], { description: 'Any but the inbox; none is allowed as well.' })
  channels!: Channel[]
}

@ObjectType()
export class SetNotificationChannelsPayload {}
