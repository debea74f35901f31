import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql'

import { connectionType, PageArgs } from '../lib/paging.ts'
import { Notification, NotificationKind } from './notification.entity.ts'

export const NotificationConnection = connectionType('Notification', () => Notification)

@ArgsType()
export class NotificationsArgs extends PageArgs {
  @Field(() => NotificationKind, { nullable: true })
  kind?: NotificationKind | null

  @Field(() => Boolean, { nullable: true, description: 'Only those not read, or only those read.' })
  unread?: boolean | null
}

@InputType()
export class SetNotificationsReadInput {
  @Field(() => [ID], { description: '1 to 100.' })
  ids!: string[]

  @Field(() => Boolean)
  read!: boolean
}

@ObjectType()
export class SetNotificationsReadPayload {
  ids!: string[]
}

@InputType()
export class SetAllNotificationsReadInput {
  @Field(() => Boolean)
  read!: boolean

  @Field(() => NotificationKind, { nullable: true, description: 'Both kinds when absent.' })
  kind?: NotificationKind | null
}

@ObjectType()
export class SetAllNotificationsReadPayload {}
