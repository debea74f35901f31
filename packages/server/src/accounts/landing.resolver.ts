import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { recordLastVisited } from './landing.service.ts'
import { RecordLastVisitedInput, RecordLastVisitedPayload } from './landing.types.ts'

@Resolver()
export class LandingResolver {
  @Access('session')
  @Mutation(() => RecordLastVisitedPayload, {
    description: 'Remembers where the person is, for the next sign-in.',
  })
  async recordLastVisited(
    @Arg('input', () => RecordLastVisitedInput) input: RecordLastVisitedInput,
    @Ctx() ctx: Context,
  ): Promise<RecordLastVisitedPayload> {
    await recordLastVisited(ctx, requireViewer(ctx), input)
    return new RecordLastVisitedPayload()
  }
}
