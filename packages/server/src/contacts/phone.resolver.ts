import { Arg, type ClassType, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { payloadWithRow } from '../payload-with-row.ts'
import { ownPhone } from './contact.reads.ts'
import { Phone } from './phone.entity.ts'
import { addPhone, removePhone, resendPhoneCode, setPrimaryPhone, verifyPhone } from './phone.service.ts'
import {
  AddPhoneInput,
  AddPhonePayload,
  RemovePhoneInput,
  RemovePhonePayload,
  ResendPhoneCodeInput,
  ResendPhoneCodePayload,
  SetPrimaryPhoneInput,
  SetPrimaryPhonePayload,
  VerifyPhoneInput,
  VerifyPhonePayload,
} from './phone.types.ts'

@Resolver()
export class PhoneResolver {
  @Access('proven')
  @Mutation(() => AddPhonePayload, {
    description:
      'Sends a code there; nothing else is sent before the number is proven. It cannot be changed afterwards.',
  })
  async addPhone(
    @Arg('input', () => AddPhoneInput) input: AddPhoneInput,
    @Ctx() ctx: Context,
  ): Promise<AddPhonePayload> {
    return { phoneId: await addPhone(ctx, requireViewer(ctx), input) }
  }

  @Access('session')
  @Mutation(() => VerifyPhonePayload, {
    description: 'Lifts a block of the channel that the code came over, too.',
  })
  async verifyPhone(
    @Arg('input', () => VerifyPhoneInput) input: VerifyPhoneInput,
    @Ctx() ctx: Context,
  ): Promise<VerifyPhonePayload> {
    return { phoneId: await verifyPhone(ctx, requireViewer(ctx), input) }
  }

  @Access('session')
  @Mutation(() => ResendPhoneCodePayload, { description: 'The code before is worth nothing then.' })
  async resendPhoneCode(
    @Arg('input', () => ResendPhoneCodeInput) input: ResendPhoneCodeInput,
    @Ctx() ctx: Context,
  ): Promise<ResendPhoneCodePayload> {
    return { phoneId: await resendPhoneCode(ctx, requireViewer(ctx), input) }
  }

  @Access('proven')
  @Mutation(() => SetPrimaryPhonePayload)
  async setPrimaryPhone(
    @Arg('input', () => SetPrimaryPhoneInput) { phoneId }: SetPrimaryPhoneInput,
    @Ctx() ctx: Context,
  ): Promise<SetPrimaryPhonePayload> {
    return { phoneId: await setPrimaryPhone(ctx, requireViewer(ctx), phoneId) }
  }

  @Access('proven')
  @Mutation(() => RemovePhonePayload, {
    description: 'The primary one stays while there is another proven one.',
  })
  async removePhone(
    @Arg('input', () => RemovePhoneInput) { phoneId }: RemovePhoneInput,
    @Ctx() ctx: Context,
  ): Promise<RemovePhonePayload> {
    return { removedId: await removePhone(ctx, requireViewer(ctx), phoneId) }
  }
}

/** A payload that knows which phone changed. */
export interface PayloadOfPhone {
  phoneId: string
}

/** Adds `phone` to a payload: the phone as it is after the change. */
export function payloadWithPhone(payload: ClassType<PayloadOfPhone>): ClassType {
  return payloadWithRow(payload, {
    field: 'phone',
    type: Phone,
    root: ownPhone,
    valuesOf: ({ phoneId }) => ({ id: phoneId }),
  })
}
