import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import type { Context } from '../context.ts'
import { signIn, signOut } from './sign-in.service.ts'
import { findSsoLogoutUrl } from './sso/sso-logout.ts'
import { SignInInput, SignInPayload, SignOutPayload } from './sign-in.types.ts'

@Resolver()
export class SignInResolver {
  @Access('anyone')
  @Mutation(() => SignInPayload)
  async signIn(
    @Arg('input', () => SignInInput) input: SignInInput,
    @Ctx() ctx: Context,
  ): Promise<SignInPayload> {
    const { viewer, ...outcome } = await signIn(ctx, ctx.passwords, input)
    // From here on the request is that person's: the payload's `me` is read with their eyes.
    ctx.viewer = viewer
    return outcome
  }

  @Access('session')
  @Mutation(() => SignOutPayload)
  async signOut(@Ctx() ctx: Context): Promise<SignOutPayload> {
    const ssoLogoutUrl = ctx.viewer && (await findSsoLogoutUrl(ctx, ctx.viewer))
    await signOut(ctx)
    ctx.viewer = null
    return { ssoLogoutUrl }
  }
}
