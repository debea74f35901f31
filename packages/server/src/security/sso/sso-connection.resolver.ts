import { Arg, type ClassType, Ctx, Mutation, Resolver } from 'type-graphql'

import { Access } from '../../access.ts'
import { type Context, requireViewer } from '../../context.ts'
import { payloadWithRow } from '../../payload-with-row.ts'
import { setSignInPolicy } from './sign-in-policy.service.ts'
import { SsoConnection } from './sso-connection.entity.ts'
import { managedConnection } from './sso-connection.reads.ts'
import {
  createSsoConnection,
  deleteSsoConnection,
  disableSsoConnection,
  enableSsoConnection,
  updateSsoConnection,
} from './sso-connection.service.ts'
import {
  CreateSsoConnectionInput,
  CreateSsoConnectionPayload,
  DeleteSsoConnectionInput,
  DeleteSsoConnectionPayload,
  DisableSsoConnectionInput,
  DisableSsoConnectionPayload,
  EnableSsoConnectionInput,
  EnableSsoConnectionPayload,
  type PayloadOfConnection,
  SetSignInPolicyInput,
  SetSignInPolicyPayload,
  UpdateSsoConnectionInput,
  UpdateSsoConnectionPayload,
} from './sso-connection.types.ts'

/** All of it is for who manages the account, and has proven a little while ago who they are. */
@Resolver()
export class SsoConnectionResolver {
  @Access('proven')
  @Mutation(() => CreateSsoConnectionPayload)
  async createSsoConnection(
    @Arg('input', () => CreateSsoConnectionInput) input: CreateSsoConnectionInput,
    @Ctx() ctx: Context,
  ): Promise<CreateSsoConnectionPayload> {
    const ssoConnectionId = await createSsoConnection(ctx, requireViewer(ctx), input)
    return { accountId: input.accountId, ssoConnectionId }
  }

  @Access('proven')
  @Mutation(() => UpdateSsoConnectionPayload, {
    description: 'What a test tries cannot be changed in the active one: SSO_ACTIVE.',
  })
  async updateSsoConnection(
    @Arg('input', () => UpdateSsoConnectionInput) input: UpdateSsoConnectionInput,
    @Ctx() ctx: Context,
  ): Promise<UpdateSsoConnectionPayload> {
    await updateSsoConnection(ctx, requireViewer(ctx), input)
    return input
  }

  @Access('proven')
  @Mutation(() => DeleteSsoConnectionPayload, { description: 'Not the active one: SSO_ACTIVE.' })
  async deleteSsoConnection(
    @Arg('input', () => DeleteSsoConnectionInput) input: DeleteSsoConnectionInput,
    @Ctx() ctx: Context,
  ): Promise<DeleteSsoConnectionPayload> {
    await deleteSsoConnection(ctx, requireViewer(ctx), input)
    return { removedId: input.ssoConnectionId, accountId: input.accountId }
  }

  @Access('proven')
  @Mutation(() => EnableSsoConnectionPayload, {
    description:
      'From now on members come through it; the one that was active is so no more. SSO_UNTESTED.',
  })
  async enableSsoConnection(
    @Arg('input', () => EnableSsoConnectionInput) input: EnableSsoConnectionInput,
    @Ctx() ctx: Context,
  ): Promise<EnableSsoConnectionPayload> {
    await enableSsoConnection(ctx, requireViewer(ctx), input)
    return input
  }

  @Access('proven')
  @Mutation(() => DisableSsoConnectionPayload)
  async disableSsoConnection(
    @Arg('input', () => DisableSsoConnectionInput) input: DisableSsoConnectionInput,
    @Ctx() ctx: Context,
  ): Promise<DisableSsoConnectionPayload> {
    await disableSsoConnection(ctx, requireViewer(ctx), input)
    return input
  }

  @Access('proven')
  @Mutation(() => SetSignInPolicyPayload, { description: 'How members sign in to an account.' })
  async setSignInPolicy(
    @Arg('input', () => SetSignInPolicyInput) input: SetSignInPolicyInput,
    @Ctx() ctx: Context,
  ): Promise<SetSignInPolicyPayload> {
    await setSignInPolicy(ctx, requireViewer(ctx), input)
    return { accountId: input.accountId }
  }
}

/** Adds `ssoConnection` to a payload: the connection as it is after the change. */
export function payloadWithSsoConnection(payload: ClassType<PayloadOfConnection>): ClassType {
  return payloadWithRow(payload, {
    field: 'ssoConnection',
    type: SsoConnection,
    root: managedConnection,
    valuesOf: ({ accountId, ssoConnectionId: id }) => ({ accountId, id }),
  })
}
