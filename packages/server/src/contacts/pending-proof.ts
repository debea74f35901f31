import { Field, Int, ObjectType } from 'type-graphql'

import { Channel } from '../delivery/channel.ts'
import { DateTime } from '../lib/date-time.ts'

/** A code that is on its way to an address, or there. */
@ObjectType({ simpleResolvers: true })
export class PendingProof {
  @Field(() => Channel)
  channel!: Channel

  @Field(() => DateTime)
  sentAt!: Date

  @Field(() => DateTime)
  expiresAt!: Date

  @Field(() => Int, { description: 'Over all codes of the address in 24 hours.' })
  triesLeft!: number

  @Field(() => DateTime, {
    description: 'When the next code may be asked for, if no other limit is reached.',
  })
  nextCodeAt!: Date
}
