import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'

export enum NotificationKind {
  NOTIFICATION = 'NOTIFICATION',
  ALERT = 'ALERT',
}
registerEnumType(NotificationKind, { name: 'NotificationKind' })

/** What an event is about, in the host product. */
@ObjectType({ simpleResolvers: true })
@InputType('EntityLinkInput')
export class EntityLink {
  @Field(() => String, { description: "As 'Ticket'." })
  type!: string

  @Field(() => String, { description: "The host's own id." })
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => String, { description: 'http or https.' })
  url!: string
}

/** An item of a person's inbox, kept for 30 days. Partitioned by id, which is ordered by time; nothing refers to it. */
@Entity({ tableName: 'notification' })
@ObjectType({ simpleResolvers: true })
export class Notification {
  [PrimaryKeyProp]?: ['userId', 'id']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Property({ type: 'uuid' })
  accountId!: string

  @Field(() => NotificationKind)
  @Enum({ items: () => NotificationKind })
  kind!: NotificationKind

  @Field(() => String, { description: 'An id of the catalogue, as TICKET_ASSIGNED.' })
  @Property({ type: 'string', length: 64 })
  eventType!: string

  @Field(() => String)
  @Property({ type: 'string', length: 200 })
  title!: string

  @Field(() => String)
  @Property({ type: 'string', length: 4000 })
  body!: string

  @Field(() => EntityLink, { nullable: true })
  @Property({ type: 'json', nullable: true })
  entity!: EntityLink | null

  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', length: 3, nullable: true })
  readAt!: Date | null

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date
}
