import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Resolver, Root } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, read, requireViewer } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { type Connection, toConnection } from '../lib/paging.ts'
import { readValue } from '../lib/selection-reader.ts'
import { User } from '../users/user.entity.ts'
import { NotificationBadge, ownBadge } from './badge.ts'
import { Notification } from './notification.entity.ts'
import { ownNotifications } from './notification.reads.ts'
import { setAllNotificationsRead, setNotificationsRead } from './notification.service.ts'
import {
  NotificationConnection,
  NotificationsArgs,
  SetAllNotificationsReadInput,
  SetAllNotificationsReadPayload,
  SetNotificationsReadInput,
  SetNotificationsReadPayload,
} from './notification.types.ts'

@Resolver(() => User)
export class InboxResolver {
  @FieldResolver(() => NotificationConnection, { description: 'Newest first.' })
  notifications(
    @Root() user: User,
    @Args(() => NotificationsArgs) args: NotificationsArgs,
    @Ctx() { viewer }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Connection<Notification> {
    return toConnection(readValue(user, info), args, viewer)
  }

  @FieldResolver(() => Notification, {
    nullable: true,
    description: 'Null when it is not there, or not any more.',
  })
  notification(
    @Arg('id', () => ID) _id: string,
    @Root() user: User,
    @Info() info: GraphQLResolveInfo,
  ): Notification | null {
    // The root's statement read it by this id.
    return readValue(user, info) as Notification | null
  }

  @Access('writer')
  @Mutation(() => SetNotificationsReadPayload)
  async setNotificationsRead(
    @Arg('input', () => SetNotificationsReadInput) input: SetNotificationsReadInput,
    @Ctx() ctx: Context,
  ): Promise<SetNotificationsReadPayload> {
    return { ids: await setNotificationsRead(ctx, requireViewer(ctx), input) }
  }

  @Access('writer')
  @Mutation(() => SetAllNotificationsReadPayload)
  async setAllNotificationsRead(
    @Arg('input', () => SetAllNotificationsReadInput) input: SetAllNotificationsReadInput,
    @Ctx() ctx: Context,
  ): Promise<SetAllNotificationsReadPayload> {
    await setAllNotificationsRead(ctx, requireViewer(ctx), input)
    return {}
  }
}

@Resolver(() => SetNotificationsReadPayload)
export class SetNotificationsReadPayloadResolver {
  @FieldResolver(() => NotificationBadge)
  badge(@Ctx() ctx: Context, @Info() info: GraphQLResolveInfo): Promise<NotificationBadge> {
    return readBadge(ctx, info)
  }

  @FieldResolver(() => [Notification])
  async notifications(
    @Root() { ids }: SetNotificationsReadPayload,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Notification[]> {
    // The statement read what the selection asks of a Notification.
    return (await read(ctx, ownNotifications, { ids }, info)) as Notification[]
  }
}

@Resolver(() => SetAllNotificationsReadPayload)
export class SetAllNotificationsReadPayloadResolver {
  @FieldResolver(() => NotificationBadge)
  badge(@Ctx() ctx: Context, @Info() info: GraphQLResolveInfo): Promise<NotificationBadge> {
    return readBadge(ctx, info)
  }
}

async function readBadge(ctx: Context, info: GraphQLResolveInfo): Promise<NotificationBadge> {
  const [badge] = await read(ctx, ownBadge, {}, info)
  if (!badge) throw new AppError('NOT_FOUND')
  // The statement read what the selection asks of a badge.
  return badge as NotificationBadge
}
