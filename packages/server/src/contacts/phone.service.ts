import { addressesPerUser } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { Channel } from '../delivery/channel.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import type { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { forgetProof, issueCode, proveByCode, type Prover } from './address-proof.ts'
import { liftBlock } from './blocked-address.ts'
import { deedOf, lockOwner } from './owner.ts'
import { checkPhoneNumber, prefixOf } from './phone-number.ts'
import { Phone } from './phone.entity.ts'
import type { AddPhoneInput, ResendPhoneCodeInput, VerifyPhoneInput } from './phone.types.ts'
import { tellPrimaryEmail } from './tell-primary-email.ts'

type Change = Prover & Pick<Context, 'origin' | 'deliveries' | 'config' | 'codeWatch'>

/** What a code is carried by. */
type PhoneChannel = Channel.SMS | Channel.VOICE | Channel.WHATSAPP

/**
 * Adds a number and sends the code that proves it. From then on it is what it is: nobody proves one number and is
 * called on another.
 * @returns its id
 * @throws AppError BAD_USER_INPUT (NUMBER_KIND and COUNTRY among the reasons), ADDRESS_ALREADY_ADDED,
 *   ADDRESS_LIMIT_REACHED, CHANNEL_NOT_CONFIGURED, RATE_LIMITED, VERIFICATION_CODE_EXHAUSTED
 */
export async function addPhone(ctx: Change, viewer: Viewer, input: AddPhoneInput): Promise<string> {
  const channel = checkChannel(input.channel)
  const { number, country, lineType } = checkPhoneNumber(input.number, 'number', ctx.config.phoneCountries)
  requireCarrier(ctx, channel)

  const phoneId = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const held = await tx.find(Phone, { userId: owner.id })
    if (held.some((other) => other.number === number)) {
      throw new AppError('ADDRESS_ALREADY_ADDED', { field: 'number' })
    }
    if (held.length >= addressesPerUser.phones) {
      throw new AppError('ADDRESS_LIMIT_REACHED', { field: 'number' })
    }
    const createdAt = ctx.clock.now()
    const phone = tx.create(Phone, { userId: owner.id, number, country, lineType, createdAt })
    await tx.insert(phone)
    await sendCode(tx, ctx, owner, phone, channel)
    await tellPrimaryEmail(tx, ctx, owner, { kind: 'PHONE_ADDED', values: { ...deedOf(ctx), number } })
    recordActivity(tx, ctx, viewer, { action: 'PHONE_ADDED', subject: number })
    return phone.id
  })
  ctx.deliveries.wake()
  ctx.codeWatch.look(country)
  return phoneId
}

/**
 * Proves a number, or proves it again over a channel on which nothing was sent any more. The first proven one becomes
 * the primary.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, VERIFICATION_CODE_WRONG, VERIFICATION_CODE_EXPIRED,
 *   VERIFICATION_CODE_EXHAUSTED
 */
export async function verifyPhone(
  ctx: Change,
  viewer: Viewer,
  { phoneId, code }: VerifyPhoneInput,
): Promise<string> {
  const { userId } = viewer
  const { id } = await requirePhone(ctx.em.fork(), viewer, phoneId)
  await proveByCode(ctx, { userId, addressId: id, code }, async (tx, _owner, channel) => {
    const phone = await requirePhone(tx, viewer, id)
    await liftBlock(tx, { channel, addressKey: phone.number })
    phone.verifiedAt = ctx.clock.now()
    phone.primary ||= (await tx.count(Phone, { userId, primary: true })) === 0
    recordActivity(tx, ctx, viewer, { action: 'PHONE_VERIFIED', subject: phone.number })
  })
  return id
}

/**
 * Sends a new code, over another channel if wanted, and to a proven number as well.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, CHANNEL_NOT_CONFIGURED, RATE_LIMITED, VERIFICATION_CODE_EXHAUSTED
 */
export async function resendPhoneCode(
  ctx: Change,
  viewer: Viewer,
  input: ResendPhoneCodeInput,
): Promise<string> {
  const channel = checkChannel(input.channel)
  const { id, country } = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const phone = await requirePhone(tx, viewer, input.phoneId)
    requireCarrier(ctx, channel)
    await sendCode(tx, ctx, owner, phone, channel)
    return phone
  })
  ctx.deliveries.wake()
  ctx.codeWatch.look(country)
  return id
}

/** @throws AppError BAD_USER_INPUT, NOT_FOUND, ADDRESS_UNPROVEN */
export function setPrimaryPhone(ctx: Change, viewer: Viewer, phoneId: string): Promise<string> {
  return ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const phone = await requirePhone(tx, viewer, phoneId)
    if (phone.verifiedAt === null) throw new AppError('ADDRESS_UNPROVEN', { field: 'phoneId' })
    if (phone.primary) return phone.id

    const before = await tx.findOne(Phone, { userId: owner.id, primary: true })
    // One after the other: an index allows one primary at any moment.
    await tx.nativeUpdate(Phone, { userId: owner.id, primary: true }, { primary: false })
    await tx.nativeUpdate(Phone, { userId: owner.id, id: phone.id }, { primary: true })
    recordActivity(tx, ctx, viewer, {
      action: 'PHONE_PRIMARY_SET',
      subject: phone.number,
      changes: [{ field: 'primaryPhone', before: before?.number ?? null, after: phone.number }],
    })
    return phone.id
  })
}

/**
 * Removes a number, the only one too, and tells the primary email.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, PRIMARY_ADDRESS
 */
export async function removePhone(ctx: Change, viewer: Viewer, phoneId: string): Promise<string> {
  const id = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const phone = await requirePhone(tx, viewer, phoneId)
    const { number } = phone
    if (phone.primary) {
      const others = await tx.count(Phone, { userId: owner.id, verifiedAt: { $ne: null }, primary: false })
      if (others > 0) throw new AppError('PRIMARY_ADDRESS', { field: 'phoneId' })
    }

    await forgetProof(tx, { userId: owner.id, addressId: phone.id })
    await tx.execute('delete from address_health where user_id = ? and address_id = ?', [
      owner.id,
      phone.id,
    ])
    await tx.nativeDelete(Phone, { userId: owner.id, id: phone.id })
    await tellPrimaryEmail(tx, ctx, owner, { kind: 'PHONE_REMOVED', values: { ...deedOf(ctx), number } })
    recordActivity(tx, ctx, viewer, { action: 'PHONE_REMOVED', subject: number })
    return phone.id
  })
  ctx.deliveries.wake()
  return id
}

async function requirePhone(em: EntityManager, { userId }: Viewer, phoneId: string): Promise<Phone> {
  const phone = await em.findOne(Phone, { userId, id: checkId(phoneId, 'phoneId') })
  if (!phone) throw new AppError('NOT_FOUND', { field: 'phoneId' })
  return phone
}

function checkChannel(channel: Channel): PhoneChannel {
  if (channel === Channel.SMS || channel === Channel.VOICE || channel === Channel.WHATSAPP) return channel
  throw badInput('channel', 'UNKNOWN')
}

/** @throws AppError CHANNEL_NOT_CONFIGURED: a code that reaches nobody proves nothing */
function requireCarrier({ deliveries }: Change, channel: PhoneChannel): void {
  if (!deliveries.isConfigured(channel)) throw new AppError('CHANNEL_NOT_CONFIGURED', { field: 'channel' })
}

async function sendCode(
  tx: EntityManager,
  ctx: Change,
  owner: User,
  { id: addressId, number, country }: Phone,
  channel: PhoneChannel,
): Promise<void> {
  const code = await issueCode(tx, ctx, {
    userId: owner.id,
    addressId,
    channel,
    addressKey: number,
    prefix: prefixOf(number),
    country,
    source: ctx.origin.address,
  })
  await ctx.deliveries.queue(tx, {
    userId: owner.id,
    message: { kind: 'PHONE_CODE', values: {}, secrets: { code } },
    recipient: owner,
    ways: [{ channel, addressId, address: number }],
    live: true,
  })
}
