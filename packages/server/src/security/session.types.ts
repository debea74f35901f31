import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'

@InputType()
export class RevokeSessionInput {
  @Field(() => ID)
  sessionId!: string
}

@ObjectType()
export class RevokeSessionPayload {
  @Field(() => ID)
  removedId!: string
}

@ObjectType()
export class SignOutOthersPayload {
  @Field(() => Int, { description: 'How many sessions there were.' })
  ended!: number
}
