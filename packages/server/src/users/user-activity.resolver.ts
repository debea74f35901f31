import type { GraphQLResolveInfo } from 'graphql'
import { Args, ArgsType, Ctx, Field, FieldResolver, Info, Resolver, Root } from 'type-graphql'

import { ActivityEntry } from '../activity/activity-entry.entity.ts'
import type { Context } from '../context.ts'
import { type Connection, connectionType, PageArgs, toConnection } from '../lib/paging.ts'
import { readValue } from '../lib/selection-reader.ts'
import { User } from './user.entity.ts'

@ArgsType()
class ActivityArgs extends PageArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Only what tells who may act for the person or reach them; absent = everything.',
  })
  security?: boolean
}

const ActivityConnection = connectionType('Activity', () => ActivityEntry)

@Resolver(() => User)
export class UserActivityResolver {
  @FieldResolver(() => ActivityConnection, { description: 'What happened to the settings, newest first.' })
  activity(
    @Root() user: User,
    @Args(() => ActivityArgs) args: ActivityArgs,
    @Ctx() { viewer }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Connection<ActivityEntry> {
    return toConnection(readValue(user, info), args, viewer)
  }
}
