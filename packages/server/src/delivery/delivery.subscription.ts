import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, ID, Info, Resolver, Root, Subscription } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, read, requireViewer } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import { reaches } from '../viewer.ts'
import { Delivery } from './delivery.entity.ts'
import { ownDelivery } from './delivery.reads.ts'

@Resolver()
export class DeliverySubscription {
  @Access('reader')
  @Subscription(() => Delivery, {
    description:
      "A delivery of the person's own that somebody waits for: as it is now, then each time its state changes, until it is decided.",
    subscribe: ({ context, args }: { context: Context; args: { id?: unknown } }) => {
      const viewer = requireViewer(context)
      return context.deliveryFeed.follow(checkId(String(args.id), 'id'), {
        userId: viewer.userId,
        reaches: (accountId) => reaches(viewer, accountId),
      })
    },
  })
  async deliveryChanged(
    @Arg('id', () => ID) _id: string,
    @Root() id: string,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Delivery> {
    const [delivery] = await read(ctx, ownDelivery, { id }, info)
    if (!delivery) throw new AppError('NOT_FOUND', { field: 'id' })
    // The statement read what the selection asks of a Delivery.
    return delivery as Delivery
  }
}
