import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Info, Resolver, Root, Subscription } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, read, requireViewer } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { reaches } from '../viewer.ts'
import { badgeWithinReach, NotificationBadge } from './badge.ts'
import { Notification } from './notification.entity.ts'
import { ownNotifications } from './notification.reads.ts'

interface SubscribeData {
  context: Context
}

@Resolver()
export class InboxSubscription {
  @Access('reader')
  @Subscription(() => NotificationBadge, {
    description: 'The snapshot first, then every newer version.',
    subscribe: ({ context }: SubscribeData) => context.inbox.followBadge(requireViewer(context).userId),
  })
  notificationBadge(@Root() badge: NotificationBadge, @Ctx() ctx: Context): NotificationBadge {
    return badgeWithinReach(badge, requireViewer(ctx))
  }

  @Access('reader')
  @Subscription(() => Notification, {
    description: 'Each new item.',
    subscribe: ({ context }: SubscribeData) => {
      const viewer = requireViewer(context)
      return context.inbox.followItems(viewer.userId, (accountId) => reaches(viewer, accountId))
    },
  })
  async notificationAdded(
    @Root() id: string,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Notification> {
    const [notification] = await read(ctx, ownNotifications, { ids: [id] }, info)
    if (!notification) throw new AppError('NOT_FOUND')
    // The statement read what the selection asks of a Notification.
    return notification as Notification
  }
}
