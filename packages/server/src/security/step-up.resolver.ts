import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { confirmStepUp, provenUntil } from './step-up.service.ts'
import { ConfirmStepUpInput, ConfirmStepUpPayload } from './step-up.types.ts'

@Resolver()
export class StepUpResolver {
  @Access('session')
  @Mutation(() => ConfirmStepUpPayload, {
    description: 'Proves again who one is, for ten minutes of what answers STEP_UP_REQUIRED.',
  })
  async confirmStepUp(
    @Arg('input', () => ConfirmStepUpInput) input: ConfirmStepUpInput,
    @Ctx() ctx: Context,
  ): Promise<ConfirmStepUpPayload> {
    const viewer = await confirmStepUp(ctx, requireViewer(ctx), input)
    ctx.viewer = viewer
    if (viewer.credential.kind !== 'session') throw new AppError('FORBIDDEN')
    return { validUntil: provenUntil(ctx, viewer.credential.provenAt) }
  }
}
