import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { setAccountUserNotificationRule } from './attach-rule.service.ts'
import {
  SetAccountUserNotificationRuleInput,
  SetAccountUserNotificationRulePayload,
} from './attach-rule.types.ts'

@Resolver()
export class AttachRuleResolver {
  @Access('writer')
  @Mutation(() => SetAccountUserNotificationRulePayload)
  async setAccountUserNotificationRule(
    @Arg('input', () => SetAccountUserNotificationRuleInput) input: SetAccountUserNotificationRuleInput,
    @Ctx() ctx: Context,
  ): Promise<SetAccountUserNotificationRulePayload> {
    return { accountUserId: await setAccountUserNotificationRule(ctx, requireViewer(ctx), input) }
  }
}
