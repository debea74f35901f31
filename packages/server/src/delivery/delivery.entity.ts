import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'
import { Channel } from './channel.ts'
import { DeliveryReason } from './delivery-reason.ts'
import type { MessageKind } from './message.ts'

/**
 * How far a delivery has come, in this order; it never goes back. One that waits for another attempt is SENDING. What
 * FAILED or was SUPPRESSED was never accepted; UNDELIVERED was, and did not arrive.
 */
export enum DeliveryState {
  QUEUED = 'QUEUED',
  SENDING = 'SENDING',
  SENT = 'SENT',
  DELIVERED = 'DELIVERED',
  UNDELIVERED = 'UNDELIVERED',
  FAILED = 'FAILED',
  SUPPRESSED = 'SUPPRESSED',
}
registerEnumType(DeliveryState, { name: 'DeliveryState' })

/** One way to try: a channel and the row of the address; the address as the recipient reads it. */
export interface Way {
  channel: Channel
  /** Null for an address that is nobody's any more. */
  addressId: string | null
  address: string
}

/** One message to one address over one channel, with its attempts. */
@Entity({ tableName: 'delivery' })
@ObjectType({ simpleResolvers: true })
export class Delivery {
  [PrimaryKeyProp]?: ['userId', 'id']

  /** Whom it is for. No foreign key: what was sent outlives them until its time is over. */
  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Property({ type: 'uuid', nullable: true })
  accountId: string | null = null

  @Field(() => Channel)
  @Enum({ items: () => Channel })
  channel!: Channel

  @Field(() => String, { name: 'messageKind', description: 'As EMAIL_CODE, TEST or EVENT.' })
  @Property({ type: 'string', length: 32 })
  message!: MessageKind

  @Field(() => ID, { nullable: true, description: 'The email, phone, device or Slack link it went to.' })
  @Property({ type: 'uuid', nullable: true })
  addressId!: string | null

  @Field(() => String, { description: 'Where it went, as it was then.' })
  @Property({ type: 'string', length: 254 })
  address!: string

  @Property({ type: 'string', length: 2 })
  language!: string

  @Property({ type: 'string', length: 64 })
  timeZone!: string

  @Property({ type: 'json' })
  content!: object

  /** Sealed; null once it is decided, or when there is no secret in it. */
  @Property({ type: 'blob', nullable: true })
  secrets: Buffer | null = null

  /** Taken in turn when this one fails for good before it was accepted. */
  @Property({ type: 'json' })
  nextWays!: Way[]

  /** Whether somebody waits for it at a page: each change of its state is announced. */
  @Property({ type: 'boolean', default: false })
  live: Opt<boolean> = false

  @Field(() => DeliveryState)
  @Enum({ items: () => DeliveryState, default: DeliveryState.QUEUED })
  state: Opt<DeliveryState> = DeliveryState.QUEUED

  @Field(() => DeliveryReason, { nullable: true })
  @Enum({ items: () => DeliveryReason, nullable: true })
  reason: DeliveryReason | null = null

  @Field(() => String, { nullable: true, description: "The carrier's own words." })
  @Property({ type: 'string', length: 500, nullable: true })
  detail: string | null = null

  @Field(() => Int)
  @Property({ type: 'smallint', default: 0 })
  attempts: Opt<number> = 0

  /** Attempts whose outcome nobody could tell. */
  @Property({ type: 'smallint', default: 0 })
  unknowns: Opt<number> = 0

  /** Of the process that is sending it. Set and due = that process is gone, and what it did is unknown. */
  @Property({ type: 'uuid', nullable: true })
  leaseToken: string | null = null

  @Field(() => String, { nullable: true })
  @Property({ type: 'string', length: 32, nullable: true })
  carrier: string | null = null

  @Field(() => String, { nullable: true, description: "The carrier's name for it." })
  @Property({ type: 'string', length: 200, nullable: true })
  carrierId: string | null = null

  @Field(() => String, { nullable: true, description: "The carrier's own state." })
  @Property({ type: 'string', length: 100, nullable: true })
  carrierStatus: string | null = null

  /** When it may be sent, or sent again; while it is being sent, the end of the lease. */
  @Property({ type: 'datetime', length: 3 })
  dueAt!: Date

  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When the carrier accepted it.' })
  @Property({ type: 'datetime', length: 3, nullable: true })
  sentAt: Date | null = null

  @Field(() => DateTime, { nullable: true, description: 'When the carrier said that it arrived.' })
  @Property({ type: 'datetime', length: 3, nullable: true })
  deliveredAt: Date | null = null

  @Field(() => DateTime, { nullable: true, description: 'When it failed, was suppressed or came back.' })
  @Property({ type: 'datetime', length: 3, nullable: true })
  failedAt: Date | null = null
}
