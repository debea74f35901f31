import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import {
  confirmTwoFactorSetup,
  disableTwoFactor,
  regenerateRecoveryCodes,
  resetTwoFactor,
  startTwoFactorSetup,
} from './two-factor.service.ts'
import {
  ConfirmTwoFactorSetupInput,
  ConfirmTwoFactorSetupPayload,
  DisableTwoFactorInput,
  DisableTwoFactorPayload,
  RegenerateRecoveryCodesPayload,
  ResetTwoFactorInput,
  ResetTwoFactorPayload,
  StartTwoFactorSetupPayload,
} from './two-factor.types.ts'

@Resolver()
export class TwoFactorResolver {
  @Access('proven')
  @Mutation(() => StartTwoFactorSetupPayload, {
    description: 'Nothing changes before the set-up is confirmed, for which there are ten minutes.',
  })
  startTwoFactorSetup(@Ctx() ctx: Context): Promise<StartTwoFactorSetupPayload> {
    return startTwoFactorSetup(ctx, requireViewer(ctx))
  }

  @Access('session')
  @Mutation(() => ConfirmTwoFactorSetupPayload, { description: 'Ends all other sessions.' })
  async confirmTwoFactorSetup(
    @Arg('input', () => ConfirmTwoFactorSetupInput) input: ConfirmTwoFactorSetupInput,
    @Ctx() ctx: Context,
  ): Promise<ConfirmTwoFactorSetupPayload> {
    await confirmTwoFactorSetup(ctx, requireViewer(ctx), input)
    return new ConfirmTwoFactorSetupPayload()
  }

  @Access('session')
  @Mutation(() => DisableTwoFactorPayload, { description: 'Ends all other sessions.' })
  async disableTwoFactor(
    @Arg('input', () => DisableTwoFactorInput) input: DisableTwoFactorInput,
    @Ctx() ctx: Context,
  ): Promise<DisableTwoFactorPayload> {
    await disableTwoFactor(ctx, requireViewer(ctx), input)
    return new DisableTwoFactorPayload()
  }

  @Access('proven')
  @Mutation(() => RegenerateRecoveryCodesPayload)
  regenerateRecoveryCodes(@Ctx() ctx: Context): Promise<RegenerateRecoveryCodesPayload> {
    return regenerateRecoveryCodes(ctx, requireViewer(ctx))
  }

  @Access('proven')
  @Mutation(() => ResetTwoFactorPayload, {
    description:
      'For super admins: switches it off for somebody who has lost everything, and ends their sessions.',
  })
  async resetTwoFactor(
    @Arg('input', () => ResetTwoFactorInput) input: ResetTwoFactorInput,
    @Ctx() ctx: Context,
  ): Promise<ResetTwoFactorPayload> {
    await resetTwoFactor(ctx, requireViewer(ctx), input)
    return new ResetTwoFactorPayload()
  }
}
