import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Info, Resolver, Root } from 'type-graphql'

import type { Context } from '../context.ts'
import { Delivery } from '../delivery/delivery.entity.ts'
import { type Connection, connectionType, PageArgs, toConnection } from '../lib/paging.ts'
import { readValue } from '../lib/selection-reader.ts'
import { User } from './user.entity.ts'

const DeliveryConnection = connectionType('Delivery', () => Delivery)

@ArgsType()
class DeliveriesArgs extends PageArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'Of an email, phone, device or Slack link: to it alone.',
  })
  addressId?: string
}

/** Adds what was sent to a person, so that `delivery/` knows people by id only. */
@Resolver(() => User)
export class UserDeliveriesResolver {
  @FieldResolver(() => DeliveryConnection, {
    description: 'What was sent to the person in the last 30 days, newest first.',
  })
  deliveries(
    @Root() user: User,
    @Args(() => DeliveriesArgs) args: DeliveriesArgs,
    @Ctx() { viewer }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Connection<Delivery> {
    return toConnection(readValue(user, info), args, viewer)
  }

  @FieldResolver(() => Delivery, {
    nullable: true,
    description: 'Null when it is not there, or not any more.',
  })
  delivery(
    @Arg('id', () => ID) _id: string,
    @Root() user: User,
    @Info() info: GraphQLResolveInfo,
  ): Delivery | null {
    // The root's statement read it by this id.
    return readValue(user, info) as Delivery | null
  }
}
