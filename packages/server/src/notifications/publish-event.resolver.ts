import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { publishEvent } from './publish-event.service.ts'
import { PublishEventInput, PublishEventPayload } from './publish-event.types.ts'

@Resolver()
export class PublishEventResolver {
  @Access('writer')
  @Mutation(() => PublishEventPayload, { description: 'Needs events.publish in the account.' })
  publishEvent(
    @Arg('input', () => PublishEventInput) input: PublishEventInput,
    @Ctx() ctx: Context,
  ): Promise<PublishEventPayload> {
    return publishEvent(ctx, requireViewer(ctx), input)
  }
}
