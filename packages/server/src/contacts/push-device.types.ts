import { Field, ID, InputType, ObjectType } from 'type-graphql'

/** As the browser's PushSubscription has it. It is never told again. */
@InputType()
export class RegisterPushDeviceInput {
  @Field(() => String, { description: 'Https, at most 1,000 characters.' })
  endpoint!: string

  @Field(() => String, { description: 'Base64url of 65 bytes.' })
  p256dh!: string

  @Field(() => String, { description: 'Base64url of 16 bytes.' })
  auth!: string
}

@ObjectType()
export class RegisterPushDevicePayload {
  pushDeviceId!: string
}

@InputType()
export class RemovePushDeviceInput {
  @Field(() => ID)
  pushDeviceId!: string
}

@ObjectType()
export class RemovePushDevicePayload {
  @Field(() => ID)
  removedId!: string
}
