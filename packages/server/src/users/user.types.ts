import { Field, InputType, Int, ObjectType } from 'type-graphql'

import { LandingPage, Language } from './user.entity.ts'

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
}

@ObjectType()
export class UpdatePreferencesPayload {}
