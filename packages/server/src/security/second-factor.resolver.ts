import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import type { Context } from '../context.ts'
import { pendingSignInOf, submitSecondFactor } from './second-factor.service.ts'
import { PendingSignIn, SubmitSecondFactorInput, SubmitSecondFactorPayload } from './second-factor.types.ts'

@Resolver()
export class SecondFactorResolver {
  @Access('anyone')
  @Query(() => PendingSignIn, {
    nullable: true,
    description: "What this browser's half-done sign-in waits for; null when there is none.",
  })
  pendingSignIn(@Ctx() ctx: Context): Promise<PendingSignIn | null> {
    return pendingSignInOf(ctx)
  }

  @Access('anyone')
  @Mutation(() => SubmitSecondFactorPayload, { description: 'The step after signIn, in the same browser.' })
  async submitSecondFactor(
    @Arg('input', () => SubmitSecondFactorInput) input: SubmitSecondFactorInput,
    @Ctx() ctx: Context,
  ): Promise<SubmitSecondFactorPayload> {
    const { viewer, status, ssoUrl } = await submitSecondFactor(ctx, input)
    ctx.viewer = viewer
    return { status, ssoUrl }
  }
}
