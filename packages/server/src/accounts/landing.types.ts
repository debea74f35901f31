import { Field, ID, InputType, ObjectType } from 'type-graphql'

@InputType()
export class RecordLastVisitedInput {
  @Field(() => String, { description: 'A path of this server, as /settings/profile?account=…' })
  path!: string

  @Field(() => ID, { nullable: true })
  accountId?: string | null
}

@ObjectType()
export class RecordLastVisitedPayload {}
