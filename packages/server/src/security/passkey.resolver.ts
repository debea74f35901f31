import { Arg, type ClassType, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { payloadWithRow } from '../payload-with-row.ts'
import { ownPasskey } from './passkey.reads.ts'
import {
  addPasskey,
  removePasskey,
  renamePasskey,
  signInWithPasskey,
  startPasskeyProof,
  startPasskeyRegistration,
  startPasskeySignIn,
} from './passkey.service.ts'
import {
  AddPasskeyInput,
  AddPasskeyPayload,
  Passkey,
  RemovePasskeyInput,
  RemovePasskeyPayload,
  RenamePasskeyInput,
  RenamePasskeyPayload,
  SignInWithPasskeyInput,
  SignInWithPasskeyPayload,
  StartPasskeyProofPayload,
  StartPasskeyRegistrationPayload,
  StartPasskeySignInPayload,
} from './passkey.types.ts'

@Resolver()
export class PasskeyResolver {
  @Access('proven')
  @Mutation(() => StartPasskeyRegistrationPayload)
  async startPasskeyRegistration(@Ctx() ctx: Context): Promise<StartPasskeyRegistrationPayload> {
    return { options: await startPasskeyRegistration(ctx, requireViewer(ctx)) }
  }

  // What is answered here was asked of somebody who had proved who they are.
  @Access('session')
  @Mutation(() => AddPasskeyPayload)
  async addPasskey(
    @Arg('input', () => AddPasskeyInput) input: AddPasskeyInput,
    @Ctx() ctx: Context,
  ): Promise<AddPasskeyPayload> {
    return { passkeyId: await addPasskey(ctx, requireViewer(ctx), input) }
  }

  @Access('session')
  @Mutation(() => RenamePasskeyPayload)
  async renamePasskey(
    @Arg('input', () => RenamePasskeyInput) input: RenamePasskeyInput,
    @Ctx() ctx: Context,
  ): Promise<RenamePasskeyPayload> {
    return { passkeyId: await renamePasskey(ctx, requireViewer(ctx), input) }
  }

  @Access('proven')
  @Mutation(() => RemovePasskeyPayload, { description: 'Ends all other sessions.' })
  async removePasskey(
    @Arg('input', () => RemovePasskeyInput) input: RemovePasskeyInput,
    @Ctx() ctx: Context,
  ): Promise<RemovePasskeyPayload> {
    return { removedId: await removePasskey(ctx, requireViewer(ctx), input) }
  }

  @Access('anyone')
  @Mutation(() => StartPasskeySignInPayload)
  async startPasskeySignIn(@Ctx() ctx: Context): Promise<StartPasskeySignInPayload> {
    return { options: await startPasskeySignIn(ctx) }
  }

  @Access('anyone')
  @Mutation(() => SignInWithPasskeyPayload)
  async signInWithPasskey(
    @Arg('input', () => SignInWithPasskeyInput) input: SignInWithPasskeyInput,
    @Ctx() ctx: Context,
  ): Promise<SignInWithPasskeyPayload> {
    const { viewer, status, ssoUrl } = await signInWithPasskey(ctx, input)
    ctx.viewer = viewer
    return { status, ssoUrl }
  }

  @Access('anyone')
  @Mutation(() => StartPasskeyProofPayload, {
    description: 'For the second step of the sign-in that this browser is at, or else for confirmStepUp.',
  })
  async startPasskeyProof(@Ctx() ctx: Context): Promise<StartPasskeyProofPayload> {
    return { options: await startPasskeyProof(ctx) }
  }
}

/** Adds `passkey` to a payload: the passkey as it is after the change. */
export function payloadWithPasskey(payload: ClassType<{ passkeyId: string }>): ClassType {
  return payloadWithRow(payload, {
    field: 'passkey',
    type: Passkey,
    root: ownPasskey,
    valuesOf: ({ passkeyId }) => ({ id: passkeyId }),
  })
}
