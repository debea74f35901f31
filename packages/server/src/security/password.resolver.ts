import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { changePassword } from './password.service.ts'
import {
  ChangePasswordInput,
  ChangePasswordPayload,
  RequestPasswordResetInput,
  RequestPasswordResetPayload,
  ResetPasswordInput,
  ResetPasswordPayload,
} from './password.types.ts'
import { resetPassword } from './reset-password.service.ts'
import { requestPasswordReset } from './reset-request.ts'

@Resolver()
export class PasswordResolver {
  @Access('proven')
  @Mutation(() => ChangePasswordPayload, {
    description: 'Ends every session, this one too: sign in with the new password.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput) input: ChangePasswordInput,
    @Ctx() ctx: Context,
  ): Promise<ChangePasswordPayload> {
    await changePassword(ctx, requireViewer(ctx), input)
    ctx.viewer = null
    return {}
  }

  @Access('anyone')
  @Mutation(() => RequestPasswordResetPayload, {
    description:
      'Mails a link for a new password, if the address is a proven one. The answer is the same for every one.',
  })
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput) { email }: RequestPasswordResetInput,
    @Ctx() ctx: Context,
  ): Promise<RequestPasswordResetPayload> {
    await requestPasswordReset(ctx, email)
    return {}
  }

  @Access('anyone')
  @Mutation(() => ResetPasswordPayload, {
    description: 'Sets a new password by the link of a mail. It signs nobody in.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput) input: ResetPasswordInput,
    @Ctx() ctx: Context,
  ): Promise<ResetPasswordPayload> {
    const { userId } = await resetPassword(ctx, input)
    // The session that the request came with has ended, if it was theirs.
    if (ctx.viewer?.userId === userId) ctx.viewer = null
    return {}
  }
}
