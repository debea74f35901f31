import { Arg, type ClassType, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { payloadWithRow } from '../payload-with-row.ts'
import { ownEmail } from './contact.reads.ts'
import { Email } from './email.entity.ts'
import { addEmail, removeEmail, resendEmailCode, setPrimaryEmail, verifyEmail } from './email.service.ts'
import {
  AddEmailInput,
  AddEmailPayload,
  RemoveEmailInput,
  RemoveEmailPayload,
  ResendEmailCodeInput,
  ResendEmailCodePayload,
  SetPrimaryEmailInput,
  SetPrimaryEmailPayload,
  VerifyEmailInput,
  VerifyEmailPayload,
} from './email.types.ts'

@Resolver()
export class EmailResolver {
  @Access('proven')
  @Mutation(() => AddEmailPayload, {
    description: 'Sends a code there; nothing else is sent before the address is proven.',
  })
  async addEmail(
    @Arg('input', () => AddEmailInput) { address }: AddEmailInput,
    @Ctx() ctx: Context,
  ): Promise<AddEmailPayload> {
    return { emailId: await addEmail(ctx, requireViewer(ctx), address) }
  }

  @Access('session')
  @Mutation(() => VerifyEmailPayload, { description: 'Lifts a block, too.' })
  async verifyEmail(
    @Arg('input', () => VerifyEmailInput) input: VerifyEmailInput,
    @Ctx() ctx: Context,
  ): Promise<VerifyEmailPayload> {
    return { emailId: await verifyEmail(ctx, requireViewer(ctx), input) }
  }

  @Access('session')
  @Mutation(() => ResendEmailCodePayload, { description: 'The code before is worth nothing then.' })
  async resendEmailCode(
    @Arg('input', () => ResendEmailCodeInput) { emailId }: ResendEmailCodeInput,
    @Ctx() ctx: Context,
  ): Promise<ResendEmailCodePayload> {
    return { emailId: await resendEmailCode(ctx, requireViewer(ctx), emailId) }
  }

  @Access('proven')
  @Mutation(() => SetPrimaryEmailPayload)
  async setPrimaryEmail(
    @Arg('input', () => SetPrimaryEmailInput) { emailId }: SetPrimaryEmailInput,
    @Ctx() ctx: Context,
  ): Promise<SetPrimaryEmailPayload> {
    return { emailId: await setPrimaryEmail(ctx, requireViewer(ctx), emailId) }
  }

  @Access('proven')
  @Mutation(() => RemoveEmailPayload, {
    description: 'The last proven address stays, and so does the primary one while there is another.',
  })
  async removeEmail(
    @Arg('input', () => RemoveEmailInput) { emailId }: RemoveEmailInput,
    @Ctx() ctx: Context,
  ): Promise<RemoveEmailPayload> {
    return { removedId: await removeEmail(ctx, requireViewer(ctx), emailId) }
  }
}

/** A payload that knows which email changed. */
export interface PayloadOfEmail {
  emailId: string
}

/** Adds `email` to a payload: the email as it is after the change. */
export function payloadWithEmail(payload: ClassType<PayloadOfEmail>): ClassType {
  return payloadWithRow(payload, {
    field: 'email',
    type: Email,
    root: ownEmail,
    valuesOf: ({ emailId }) => ({ id: emailId }),
  })
}
