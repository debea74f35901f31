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
import { isBlocked, liftBlock } from './blocked-address.ts'
import { checkEmailAddress } from './email-address.ts'
import { Email, ProvenEmail } from './email.entity.ts'
import type { VerifyEmailInput } from './email.types.ts'
import { deedOf, lockOwner, primaryEmailOf, tellOwner } from './owner.ts'
import { endRemoved, keepRemoved } from './removed-email.ts'

type Change = Prover & Pick<Context, 'origin' | 'deliveries' | 'mailDomains'>

/**
 * Adds an address and sends the code that proves it. Whether others hold it too is not told: many may, one may prove
 * it. Source: S-K4, decision 18.
 * @returns its id
 * @throws AppError BAD_USER_INPUT (NO_MAIL_DOMAIN among the reasons), ADDRESS_ALREADY_ADDED, ADDRESS_LIMIT_REACHED,
 *   CHANNEL_NOT_CONFIGURED, RATE_LIMITED, VERIFICATION_CODE_EXHAUSTED
 */
export async function addEmail(ctx: Change, viewer: Viewer, typed: string): Promise<string> {
  const { address, addressKey, domain } = checkEmailAddress(typed, 'address')
  requireMail(ctx)
  // Before the transaction, which must not wait for somebody else's server.
  const acceptance = await ctx.mailDomains.takesMail(domain)
  if (acceptance === 'NO') throw badInput('address', 'NO_MAIL_DOMAIN')

  const emailId = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const held = await tx.find(Email, { userId: owner.id })
    if (held.some((other) => other.addressKey === addressKey)) {
      throw new AppError('ADDRESS_ALREADY_ADDED', { field: 'address' })
    }
    if (held.length >= addressesPerUser.emails) {
      throw new AppError('ADDRESS_LIMIT_REACHED', { field: 'address' })
    }
    const email = tx.create(Email, { userId: owner.id, address, addressKey, createdAt: ctx.clock.now() })
    await tx.insert(email)
    await sendCode(tx, ctx, owner, email)
    const told = held.filter(({ verifiedAt }) => verifiedAt !== null)
    await tellOwner(tx, ctx, owner, { kind: 'EMAIL_ADDED', values: { ...deedOf(ctx), address } }, told)
    recordActivity(tx, ctx, viewer, {
      action: 'EMAIL_ADDED',
      subject: address,
      // It is taken as it is: the code will show.
      changes:
        acceptance === 'NOT_ANSWERED' ? [{ field: 'deliverability', before: null, after: 'UNKNOWN' }] : [],
    })
    return email.id
  })
  ctx.deliveries.wake()
  return emailId
}

/**
 * Proves an address, or proves again one to which nothing was sent any more. The first proven one becomes the primary.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, VERIFICATION_CODE_WRONG, VERIFICATION_CODE_EXPIRED,
 *   VERIFICATION_CODE_EXHAUSTED, ADDRESS_PROVEN_BY_ANOTHER (told to nobody but who has the right code)
 */
export async function verifyEmail(
  ctx: Change,
  viewer: Viewer,
  { emailId, code }: VerifyEmailInput,
): Promise<string> {
  const { userId } = viewer
  const { id } = await requireEmail(ctx.em.fork(), viewer, emailId)
  const outcome = await proveByCode(ctx, { userId, addressId: id, code }, async (tx) => {
    const email = await requireEmail(tx, viewer, id)
    const { addressKey, address } = email
    await liftBlock(tx, { channel: Channel.EMAIL, addressKey })
    // Whoever else proves it at this moment waits here, and then it is taken.
    await tx.execute(
      `insert into proven_email (address_key, user_id, email_id) values (?, ?, ?)
        on conflict (address_key) do nothing`,
      [addressKey, userId, id],
    )
    const proven = await tx.findOneOrFail(ProvenEmail, { addressKey })
    if (proven.userId !== userId) return 'PROVEN_BY_ANOTHER'

    // As old as it was: which one was proven first decides where the way back goes.
    const provenBefore = await endRemoved(tx, email)
    email.verifiedAt ??= provenBefore ?? ctx.clock.now()
    email.primary ||= (await tx.count(Email, { userId, primary: true })) === 0
    recordActivity(tx, ctx, viewer, { action: 'EMAIL_VERIFIED', subject: address })
    return 'PROVEN'
  })
  if (outcome === 'PROVEN_BY_ANOTHER') throw new AppError('ADDRESS_PROVEN_BY_ANOTHER', { field: 'code' })
  return id
}

/**
 * Sends a new code, to a proven address as well: that is how one that was blocked is proven again.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, CHANNEL_NOT_CONFIGURED, RATE_LIMITED, VERIFICATION_CODE_EXHAUSTED
 */
export async function resendEmailCode(ctx: Change, viewer: Viewer, emailId: string): Promise<string> {
  const id = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const email = await requireEmail(tx, viewer, emailId)
    requireMail(ctx)
    await sendCode(tx, ctx, owner, email)
    return email.id
  })
  ctx.deliveries.wake()
  return id
}

/**
 * Makes a proven address the one that is written to, and tells the old one and the new one.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, ADDRESS_UNPROVEN; CHANNEL_UNAVAILABLE for one that is blocked: warnings
 *   about the person's own settings would go nowhere
 */
export async function setPrimaryEmail(ctx: Change, viewer: Viewer, emailId: string): Promise<string> {
  const id = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const email = await requireEmail(tx, viewer, emailId)
    if (email.verifiedAt === null) throw new AppError('ADDRESS_UNPROVEN', { field: 'emailId' })
    if (email.primary) return email.id
    if (await isBlocked(tx, { channel: Channel.EMAIL, addressKey: email.addressKey })) {
      throw new AppError('CHANNEL_UNAVAILABLE', { field: 'emailId' })
    }

    const before = await primaryEmailOf(tx, owner)
    // One after the other: an index allows one primary at any moment.
    await tx.nativeUpdate(Email, { userId: owner.id, primary: true }, { primary: false })
    await tx.nativeUpdate(Email, { userId: owner.id, id: email.id }, { primary: true })
    await tellOwner(
      tx,
      ctx,
      owner,
      {
        kind: 'EMAIL_PRIMARY_SET',
        values: { ...deedOf(ctx), before: before?.address ?? '', after: email.address },
      },
      [...(before ? [before] : []), email],
    )
    recordActivity(tx, ctx, viewer, {
      action: 'EMAIL_PRIMARY_SET',
      subject: email.address,
      changes: [{ field: 'primaryEmail', before: before?.address ?? null, after: email.address }],
    })
    return email.id
  })
  ctx.deliveries.wake()
  return id
}

/**
 * Removes an address, and tells the primary one and, if it was proven, itself as well: it still takes the user back.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, LAST_EMAIL, PRIMARY_ADDRESS
 */
export async function removeEmail(ctx: Change, viewer: Viewer, emailId: string): Promise<string> {
  const id = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const email = await requireEmail(tx, viewer, emailId)
    const { address, verifiedAt } = email
    if (verifiedAt !== null) {
      const proven = await tx.count(Email, { userId: owner.id, verifiedAt: { $ne: null } })
      if (proven === 1) throw new AppError('LAST_EMAIL', { field: 'emailId' })
      if (email.primary) throw new AppError('PRIMARY_ADDRESS', { field: 'emailId' })
    }

    await forgetProof(tx, { userId: owner.id, addressId: email.id })
    await tx.execute('delete from address_health where user_id = ? and address_id = ?', [
      owner.id,
      email.id,
    ])
    await tx.nativeDelete(Email, { userId: owner.id, id: email.id })
    await keepRemoved(tx, email, ctx.clock.now())
    const primary = await primaryEmailOf(tx, owner)
    await tellOwner(tx, ctx, owner, { kind: 'EMAIL_REMOVED', values: { ...deedOf(ctx), address } }, [
      ...(primary ? [primary] : []),
      ...(verifiedAt === null ? [] : [{ id: null, address }]),
    ])
    recordActivity(tx, ctx, viewer, { action: 'EMAIL_REMOVED', subject: address })
    return email.id
  })
  ctx.deliveries.wake()
  return id
}

async function requireEmail(em: EntityManager, { userId }: Viewer, emailId: string): Promise<Email> {
  const email = await em.findOne(Email, { userId, id: checkId(emailId, 'emailId') })
  if (!email) throw new AppError('NOT_FOUND', { field: 'emailId' })
  return email
}

/** @throws AppError CHANNEL_NOT_CONFIGURED: a code that reaches nobody proves nothing */
function requireMail({ deliveries }: Change): void {
  if (!deliveries.isConfigured(Channel.EMAIL)) throw new AppError('CHANNEL_NOT_CONFIGURED')
}

async function sendCode(tx: EntityManager, ctx: Change, owner: User, email: Email): Promise<void> {
  const { id: addressId, address, addressKey } = email
  const code = await issueCode(tx, ctx, {
    userId: owner.id,
    addressId,
    channel: Channel.EMAIL,
    addressKey,
    prefix: addressKey.slice(addressKey.lastIndexOf('@') + 1),
    country: null,
    source: ctx.origin.address,
  })
  await ctx.deliveries.queue(tx, {
    userId: owner.id,
    message: { kind: 'EMAIL_CODE', values: { emailId: addressId, address }, secrets: { code } },
    recipient: owner,
    ways: [{ channel: Channel.EMAIL, addressId, address }],
    live: true,
  })
}
