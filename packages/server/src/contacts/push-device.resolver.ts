import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, read, requireViewer } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { PushDevice } from './push-device.entity.ts'
import { ownPushDevice } from './push-device.reads.ts'
import { registerPushDevice, removePushDevice } from './push-device.service.ts'
import {
  RegisterPushDeviceInput,
  RegisterPushDevicePayload,
  RemovePushDeviceInput,
  RemovePushDevicePayload,
} from './push-device.types.ts'

@Resolver(() => RegisterPushDevicePayload)
export class PushDeviceResolver {
  @Access('session')
  @Query(() => String, {
    description: 'What a browser needs to subscribe to pushes: the VAPID public key, base64url.',
  })
  pushPublicKey(@Ctx() { pushPublicKey }: Context): string {
    return pushPublicKey
  }

  @Access('own')
  @Mutation(() => RegisterPushDevicePayload, {
    description: 'Registers the browser that asks; the same endpoint again replaces what was there.',
  })
  async registerPushDevice(
    @Arg('input', () => RegisterPushDeviceInput) input: RegisterPushDeviceInput,
    @Ctx() ctx: Context,
  ): Promise<RegisterPushDevicePayload> {
    return { pushDeviceId: await registerPushDevice(ctx, requireViewer(ctx), input) }
  }

  @FieldResolver(() => PushDevice)
  async pushDevice(
    @Root() { pushDeviceId }: RegisterPushDevicePayload,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PushDevice> {
    const [device] = await read(ctx, ownPushDevice, { id: pushDeviceId }, info)
    if (!device) throw new AppError('NOT_FOUND')
    // The statement read what the selection asks of a device.
    return device as PushDevice
  }

  @Access('session')
  @Mutation(() => RemovePushDevicePayload)
  async removePushDevice(
    @Arg('input', () => RemovePushDeviceInput) input: RemovePushDeviceInput,
    @Ctx() ctx: Context,
  ): Promise<RemovePushDevicePayload> {
    return { removedId: await removePushDevice(ctx, requireViewer(ctx), input) }
  }
}
