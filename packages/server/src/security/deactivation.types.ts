import { Field, ID, InputType, ObjectType } from 'type-graphql'

@InputType()
export class RemoveAccountUserInput {
  @Field(() => ID, { description: "One's own to leave; somebody else's with members.manage." })
  accountUserId!: string
}

@ObjectType()
export class RemoveAccountUserPayload {
  @Field(() => ID)
  removedId!: string
}

@InputType()
export class SetUserEnabledInput {
  @Field(() => ID)
  userId!: string

  @Field(() => Boolean)
  enabled!: boolean
}

@ObjectType()
export class SetUserEnabledPayload {}
