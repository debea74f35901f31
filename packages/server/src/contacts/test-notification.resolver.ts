import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, read, requireViewer } from '../context.ts'
import { Delivery } from '../delivery/delivery.entity.ts'
import { ownDelivery } from '../delivery/delivery.reads.ts'
import { AppError } from '../errors/app-error.ts'
import { sendTestNotification } from './test-notification.service.ts'
import { SendTestNotificationInput, SendTestNotificationPayload } from './test-notification.types.ts'

@Resolver(() => SendTestNotificationPayload)
export class TestNotificationResolver {
  @Access('session')
  @Mutation(() => SendTestNotificationPayload, {
    description: 'Sends a test to an address of one’s own; its state comes over deliveryChanged.',
  })
  async sendTestNotification(
    @Arg('input', () => SendTestNotificationInput) input: SendTestNotificationInput,
    @Ctx() ctx: Context,
  ): Promise<SendTestNotificationPayload> {
    return { deliveryId: await sendTestNotification(ctx, requireViewer(ctx), input) }
  }

  @FieldResolver(() => Delivery)
  async delivery(
    @Root() { deliveryId }: SendTestNotificationPayload,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Delivery> {
    const [delivery] = await read(ctx, ownDelivery, { id: deliveryId }, info)
    if (!delivery) throw new AppError('NOT_FOUND')
    // The statement read what the selection asks of a Delivery.
    return delivery as Delivery
  }
}
