import {
  Arg,
  type ClassType,
  Ctx,
  Field,
  FieldResolver,
  Info,
  Mutation,
  Query,
  Resolver,
} from 'type-graphql'
import type { GraphQLResolveInfo } from 'graphql'

import { Access } from '../access.ts'
import { type Context, read, requireViewer } from '../context.ts'
import { ownUser } from './user.reads.ts'
import { setNotificationChannels, updatePreferences, updateProfile } from './user.service.ts'
import { User } from './user.entity.ts'
import {
  SetNotificationChannelsInput,
  SetNotificationChannelsPayload,
  UpdatePreferencesInput,
  UpdatePreferencesPayload,
  UpdateProfileInput,
  UpdateProfilePayload,
} from './user.types.ts'

/** The person who asks, as the operation wants to see them; null when nobody is signed in. */
export async function readMe(ctx: Context, info: GraphQLResolveInfo): Promise<User | null> {
  if (!ctx.viewer) return null
  const [me] = await read(ctx, ownUser, {}, info)
  // The statement read what the selection asks of a User, and nothing else will be asked of it.
  return (me as User | undefined) ?? null
}

@Resolver(() => User)
export class UserResolver {
  @Access('anyone')
  @Query(() => User, { nullable: true, description: 'The person who asks; null when nobody is signed in.' })
  me(@Ctx() ctx: Context, @Info() info: GraphQLResolveInfo): Promise<User | null> {
    return readMe(ctx, info)
  }

  @Access('writer')
  @Mutation(() => UpdateProfilePayload)
  async updateProfile(
    @Arg('input', () => UpdateProfileInput) input: UpdateProfileInput,
    @Ctx() ctx: Context,
  ): Promise<UpdateProfilePayload> {
    await updateProfile(ctx, requireViewer(ctx), input)
    return new UpdateProfilePayload()
  }

  @Access('writer')
  @Mutation(() => UpdatePreferencesPayload)
  async updatePreferences(
    @Arg('input', () => UpdatePreferencesInput) input: UpdatePreferencesInput,
    @Ctx() ctx: Context,
  ): Promise<UpdatePreferencesPayload> {
    await updatePreferences(ctx, requireViewer(ctx), input)
    return new UpdatePreferencesPayload()
  }

  @Access('writer')
  @Mutation(() => SetNotificationChannelsPayload, {
    description: 'Which channels are used when no rule says otherwise.',
  })
  async setNotificationChannels(
    @Arg('input', () => SetNotificationChannelsInput) input: SetNotificationChannelsInput,
    @Ctx() ctx: Context,
  ): Promise<SetNotificationChannelsPayload> {
    await setNotificationChannels(ctx, requireViewer(ctx), input)
    return new SetNotificationChannelsPayload()
  }
}

/** Adds `me` to a payload: the person as they are after the change. */
export function payloadWithMe(payload: ClassType, { nullable = false } = {}): ClassType {
  Field(() => User, { nullable })(payload.prototype, 'me')

  @Resolver(() => payload)
  class MeOfPayloadResolver {
    @FieldResolver(() => User, { name: 'me', nullable })
    me(@Ctx() ctx: Context, @Info() info: GraphQLResolveInfo): Promise<User | null> {
      return readMe(ctx, info)
    }
  }
  return MeOfPayloadResolver
}
