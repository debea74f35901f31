import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'

import { EntityLink } from './notification.entity.ts'

@InputType()
export class PublishEventInput {
  @Field(() => ID)
  accountId!: string

  @Field(() => ID, { description: 'An id of the catalogue, as TICKET_ASSIGNED.' })
  type!: string

  @Field(() => [String], { description: 'Usernames of members of the account; 1 to 1,000.' })
  recipients!: string[]

  @Field(() => String, { description: 'At most 200 characters.' })
  title!: string

  @Field(() => String, { description: 'Plain text, at most 4,000 characters.' })
  body!: string

  @Field(() => EntityLink, { nullable: true })
  entity?: EntityLink | null

  @Field(() => String, {
    nullable: true,
    description: 'The same key with the same input within 24 hours is the same event, answered as it was.',
  })
  idempotencyKey?: string | null
}

@ObjectType()
export class PublishEventPayload {
  @Field(() => Boolean, { description: 'True once the event is stored.' })
  accepted!: boolean

  @Field(() => Int, { description: 'Inbox items made.' })
  notified!: number
}
