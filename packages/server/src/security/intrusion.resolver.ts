import { Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { finishRecovery, lockEverything } from './intrusion.service.ts'
import { FinishRecoveryPayload, LockEverythingPayload } from './intrusion.types.ts'

@Resolver()
export class IntrusionResolver {
  // Not `proven`: whoever sees a stranger in their settings shall not be asked for a code first.
  @Access('session')
  @Mutation(() => LockEverythingPayload, {
    description:
      'Ends every session, this one too, every token, push device and remembered browser, and closes the ways in until a new password is set by the link that is mailed.',
  })
  async lockEverything(@Ctx() ctx: Context): Promise<LockEverythingPayload> {
    await lockEverything(ctx, requireViewer(ctx))
    ctx.cookies?.signOut()
    ctx.viewer = null
    return {}
  }

  @Access('session')
  @Mutation(() => FinishRecoveryPayload, { description: 'Says that everything was looked at.' })
  async finishRecovery(@Ctx() ctx: Context): Promise<FinishRecoveryPayload> {
    await finishRecovery(ctx, requireViewer(ctx))
    return {}
  }
}
