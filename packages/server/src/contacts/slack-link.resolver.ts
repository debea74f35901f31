import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { linkSlack, unlinkSlack } from './slack-link.service.ts'
import { LinkSlackPayload, UnlinkSlackInput, UnlinkSlackPayload } from './slack-link.types.ts'

@Resolver()
export class SlackLinkResolver {
  @Access('own')
  @Mutation(() => LinkSlackPayload, { description: 'Begins to link a Slack user: Slack says who it is.' })
  async linkSlack(@Ctx() ctx: Context): Promise<LinkSlackPayload> {
    return { authorizeUrl: await linkSlack(ctx, requireViewer(ctx)) }
  }

  @Access('session')
  @Mutation(() => UnlinkSlackPayload)
  async unlinkSlack(
    @Arg('input', () => UnlinkSlackInput) input: UnlinkSlackInput,
    @Ctx() ctx: Context,
  ): Promise<UnlinkSlackPayload> {
    return { removedId: await unlinkSlack(ctx, requireViewer(ctx), input) }
  }
}
