import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { changePassword } from './password.service.ts'
import { ChangePasswordInput, ChangePasswordPayload } from './password.types.ts'

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
}
