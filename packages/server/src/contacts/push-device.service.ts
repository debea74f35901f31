import { addressesPerUser } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import { recordActivity, recordOwnActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { newId } from '../lib/ids.ts'
import { checkId } from '../lib/text-input.ts'
import type { Viewer } from '../viewer.ts'
import { deedOf, lockOwner } from './owner.ts'
import { PushDevice } from './push-device.entity.ts'
import type { RegisterPushDeviceInput, RemovePushDeviceInput } from './push-device.types.ts'
import { checkPushSubscription, hashOfEndpoint } from './push-subscription.ts'
import { tellPrimaryEmail } from './tell-primary-email.ts'

type Change = Pick<Context, 'em' | 'clock' | 'origin'>

/**
 * Registers the browser that asks. It belongs to whoever registered it last: a person who used it before gets no more
 * pushes there, and reads so in the history.
 * @returns the device's id
 * @throws AppError BAD_USER_INPUT, ADDRESS_LIMIT_REACHED
 */
export async function registerPushDevice(
  ctx: Change & Pick<Context, 'config' | 'sealing' | 'deliveries'>,
  viewer: Viewer,
  input: RegisterPushDeviceInput,
): Promise<string> {
  const subscription = checkPushSubscription(input, ctx.config)
  const endpointHash = hashOfEndpoint(subscription.endpoint)
  const name = ctx.origin.device
  const seal = (id: string) => ctx.sealing.seal(JSON.stringify(subscription), bindingOfPushDevice(id))

  const id = await ctx.em.transactional(async (tx) => {
    await lockEndpoint(tx, endpointHash)
    const owner = await lockOwner(tx, viewer.userId)
    const former = await tx.findOne(PushDevice, { endpointHash })
    if (former?.userId === owner.id) {
      tx.assign(former, { name, subscription: seal(former.id) })
      return former.id
    }
    if ((await tx.count(PushDevice, { userId: owner.id })) >= addressesPerUser.pushDevices) {
      throw new AppError('ADDRESS_LIMIT_REACHED')
    }
    if (former) {
      const { userId, name: subject } = former
      await deletePushDevice(tx, former)
      recordOwnActivity(tx, ctx, { action: 'PUSH_DEVICE_REMOVED', userId, subject })
    }

    const createdAt = ctx.clock.now()
    const deviceId = newId(createdAt)
    const device = { userId: owner.id, id: deviceId, name, endpointHash, createdAt }
    await tx.insert(tx.create(PushDevice, { ...device, subscription: seal(deviceId) }))
    await tellPrimaryEmail(tx, ctx, owner, {
      kind: 'DEVICE_REGISTERED',
      values: { ...deedOf(ctx), name },
    })
    recordActivity(tx, ctx, viewer, { action: 'PUSH_DEVICE_REGISTERED', subject: name })
    return deviceId
  })
  ctx.deliveries.wake()
  return id
}

/**
 * Ends pushes to a device.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND
 */
export async function removePushDevice(
  ctx: Change,
  { userId, credential }: Viewer,
  input: RemovePushDeviceInput,
): Promise<string> {
  const id = checkId(input.pushDeviceId, 'pushDeviceId')
  await ctx.em.transactional(async (tx) => {
    const device = await tx.findOne(PushDevice, { userId, id })
    if (!device || !(await deletePushDevice(tx, device))) {
      throw new AppError('NOT_FOUND', { field: 'pushDeviceId' })
    }
    recordActivity(tx, ctx, { userId, credential }, { action: 'PUSH_DEVICE_REMOVED', subject: device.name })
  })
  return id
}

/** Where the subscription of a device may be opened. */
export function bindingOfPushDevice(id: string): string {
  return `push_device:${id}`
}

/** Two tabs of one browser register at once, and the people of two tabs may differ: one after the other. */
async function lockEndpoint(tx: EntityManager, endpointHash: Buffer): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(?)', [endpointHash.readBigInt64BE().toString()])
}

/** @returns false when somebody else deleted it meanwhile */
async function deletePushDevice(tx: EntityManager, { userId, id }: PushDevice): Promise<boolean> {
  const deleted = await tx.nativeDelete(PushDevice, { userId, id })
  await tx.execute('delete from address_health where user_id = ? and address_id = ?', [userId, id])
  return deleted > 0
}

/** Ends pushes to every browser of a person. */
export async function endPushDevices(tx: EntityManager, userId: string): Promise<void> {
  await tx.execute(
    `with ended as (delete from push_device where user_id = ? returning id)
      delete from address_health where user_id = ? and address_id in (select id from ended)`,
    [userId, userId],
  )
}
