import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { removeAccountUser, setUserEnabled } from './deactivation.service.ts'
import {
  RemoveAccountUserInput,
  RemoveAccountUserPayload,
  SetUserEnabledInput,
  SetUserEnabledPayload,
} from './deactivation.types.ts'

@Resolver()
export class DeactivationResolver {
  @Access('session')
  @Mutation(() => RemoveAccountUserPayload, {
    description: 'Leaves an account, or takes somebody out of it. Their tokens of the account end at once.',
  })
  async removeAccountUser(
    @Arg('input', () => RemoveAccountUserInput) input: RemoveAccountUserInput,
    @Ctx() ctx: Context,
  ): Promise<RemoveAccountUserPayload> {
    return { removedId: await removeAccountUser(ctx, requireViewer(ctx), input) }
  }

  @Access('proven')
  @Mutation(() => SetUserEnabledPayload, {
    description:
      'For super admins: keeps somebody else from signing in and ends everything that acts for them, or lets them sign in again.',
  })
  async setUserEnabled(
    @Arg('input', () => SetUserEnabledInput) input: SetUserEnabledInput,
    @Ctx() ctx: Context,
  ): Promise<SetUserEnabledPayload> {
    await setUserEnabled(ctx, requireViewer(ctx), input)
    return {}
  }
}
