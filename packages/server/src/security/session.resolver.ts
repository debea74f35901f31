import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { revokeSession, signOutOthers } from './session.service.ts'
import { RevokeSessionInput, RevokeSessionPayload, SignOutOthersPayload } from './session.types.ts'

@Resolver()
export class SessionResolver {
  @Access('session')
  @Mutation(() => RevokeSessionPayload, {
    description: 'Ends a session at once, with its sockets; `me` is null when it was the one that asks.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput) input: RevokeSessionInput,
    @Ctx() ctx: Context,
  ): Promise<RevokeSessionPayload> {
    const { removedId, isOwn } = await revokeSession(ctx, requireViewer(ctx), input)
    if (isOwn) ctx.viewer = null
    return { removedId }
  }

  @Access('session')
  @Mutation(() => SignOutOthersPayload, { description: 'Ends every session but the one that asks.' })
  async signOutOthers(@Ctx() ctx: Context): Promise<SignOutOthersPayload> {
    return { ended: await signOutOthers(ctx, requireViewer(ctx)) }
  }
}
