import { Field, ID, InputType, ObjectType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'

/** A proven email that was removed lately, and that still takes its user back. */
@ObjectType({ simpleResolvers: true })
export class RemovedEmail {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  address!: string

  @Field(() => DateTime)
  removedAt!: Date

  @Field(() => DateTime)
  usableUntil!: Date

  @Field(() => Boolean, {
    description:
      'Whether it may be forgotten before. It stays while an email that was proven in the last 30 days would take its place.',
  })
  forgettable!: boolean
}

@InputType()
export class ForgetRemovedEmailInput {
  @Field(() => ID)
  removedEmailId!: string
}

@ObjectType()
export class ForgetRemovedEmailPayload {
  @Field(() => ID)
  removedId!: string
}
