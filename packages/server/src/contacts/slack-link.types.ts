import { Field, ID, InputType, ObjectType } from 'type-graphql'

@ObjectType()
export class LinkSlackPayload {
  @Field(() => String, { description: 'Where the browser goes; Slack leads it back to us.' })
  authorizeUrl!: string
}

@InputType()
export class UnlinkSlackInput {
  @Field(() => ID)
  slackLinkId!: string
}

@ObjectType()
export class UnlinkSlackPayload {
  @Field(() => ID)
  removedId!: string
}
