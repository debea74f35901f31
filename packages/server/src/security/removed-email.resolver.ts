import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { forgetRemovedEmail } from './removed-email.service.ts'
import { ForgetRemovedEmailInput, ForgetRemovedEmailPayload } from './removed-email.types.ts'

@Resolver()
export class RemovedEmailResolver {
  @Access('proven')
  @Mutation(() => ForgetRemovedEmailPayload, {
    description: 'Ends an email that was removed as a way back, before its time.',
  })
  async forgetRemovedEmail(
    @Arg('input', () => ForgetRemovedEmailInput) { removedEmailId }: ForgetRemovedEmailInput,
    @Ctx() ctx: Context,
  ): Promise<ForgetRemovedEmailPayload> {
    return { removedId: await forgetRemovedEmail(ctx, requireViewer(ctx), removedEmailId) }
  }
}
