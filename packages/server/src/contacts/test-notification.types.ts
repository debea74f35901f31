import { Field, ID, InputType, ObjectType } from 'type-graphql'

import { Channel } from '../delivery/channel.ts'

@InputType()
export class SendTestNotificationInput {
  @Field(() => Channel, { description: 'Any but the inbox.' })
  channel!: Channel

  @Field(() => ID, { description: 'Of an email, phone, device or Slack link that the channel reaches.' })
  addressId!: string
}

@ObjectType()
export class SendTestNotificationPayload {
  deliveryId!: string
}
