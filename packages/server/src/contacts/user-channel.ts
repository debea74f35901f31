import { Field, Int, ObjectType } from 'type-graphql'

import { Channel } from '../delivery/channel.ts'
import { AddressProofKind } from '../delivery/channel-description.ts'
import { ChannelNeed } from './address-tables.ts'

/** What a channel can do for a person. */
@ObjectType({ simpleResolvers: true })
export class UserChannel {
  @Field(() => Channel)
  channel!: Channel

  @Field(() => Boolean, {
    description: 'Whether this server has a carrier for it, or catches what it would carry.',
  })
  configured!: boolean

  @Field(() => ChannelNeed, {
    nullable: true,
    description: 'Why nothing can be sent over it now; null = it can.',
  })
  missing!: ChannelNeed | null

  @Field(() => AddressProofKind, { description: 'What proves one of its addresses.' })
  provenBy!: AddressProofKind

  @Field(() => Boolean, {
    description: 'Carries the opening of an alert (and codes and tests), nothing else.',
  })
  alertsOnly!: boolean

  @Field(() => Int, {
    nullable: true,
    description: 'Characters that fit one message; null = no such limit.',
  })
  mostCharacters!: number | null
}
