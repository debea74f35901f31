import type { EntityManager } from '@mikro-orm/postgresql'

import { recordActivity, recordOwnActivity } from '../activity/record-activity.ts'
import { deedOf, lockOwner, tellOwner } from '../contacts/owner.ts'
import type { Context } from '../context.ts'
import type { DeliveryKey } from '../delivery/delivery-reference.ts'
import { timeOfId } from '../lib/ids.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { mailWayBack } from './reset-link.ts'
import { countWithinHour } from './reset-request.ts'
import { revokeAfter } from './revocations.ts'
import { findWaysBack, mailboxOf, notMeDays, startRecovery } from './way-back.ts'

type Change = Pick<Context, 'em' | 'clock' | 'limits' | 'origin' | 'deliveries' | 'revokers'>

const linkMilliseconds = notMeDays * 86_400_000

/** Ends everything that acts for the viewer, this session too, and closes the ways in until a new password is set. */
export async function lockEverything(ctx: Change, viewer: Viewer): Promise<void> {
  await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    recordActivity(tx, ctx, viewer, { action: 'INTRUSION_REPORTED', subject: owner.name })
    await lock(tx, ctx, owner)
  })
  ctx.deliveries.wake()
}

/**
 * The same by the link of a mail, for whoever has it. It works once.
 * @returns the person, and whether it was done now; null when the link is too old or they are no more
 */
export async function reportIntrusion(
  ctx: Change,
  { userId, deliveryId }: DeliveryKey,
): Promise<{ user: User; isNew: boolean } | null> {
  const user = await findReporter(ctx, { userId, deliveryId })
  if (!user) return null
  const isNew = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, userId)
    const first: unknown[] = await tx.execute(
      `insert into intrusion_report (user_id, delivery_id, reported_at) values (?, ?, ?)
        on conflict do nothing returning user_id`,
      [userId, deliveryId, ctx.clock.now()],
    )
    if (first.length === 0) return false
    recordOwnActivity(tx, ctx, { action: 'INTRUSION_REPORTED', userId, subject: owner.name })
    await lock(tx, ctx, owner)
    return true
  })
  if (isNew) ctx.deliveries.wake()
  return { user, isNew }
}

/**
 * Mails the link for a new password once more to whoever locked everything by the link of a mail and has not set one
 * yet. Asking by address would not do: one that was removed is nobody's there.
 * @returns the person; null when the link is too old or they are no more
 */
export async function sendWayBackAgain(ctx: Change, key: DeliveryKey): Promise<User | null> {
  const user = await findReporter(ctx, key)
  if (!user) return null
  await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, user.id)
    const waiting: unknown[] = await tx.execute(
      `select 1 from intrusion_report join recovery using (user_id)
        where user_id = ? and delivery_id = ? and reset_at is null`,
      [key.userId, key.deliveryId],
    )
    if (waiting.length === 0) return
    const { perAddressHour } = ctx.limits.passwordReset
    if (await countWithinHour(tx, `way-back:${owner.id}`, perAddressHour, ctx.clock.now())) {
      await mailWayBack(tx, ctx, owner)
    }
  })
  ctx.deliveries.wake()
  return user
}

/** Whom such a link is about; null when it is too old or they are no more. */
export async function findReporter(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  { userId, deliveryId }: DeliveryKey,
): Promise<User | null> {
  const age = clock.now().getTime() - timeOfId(deliveryId).getTime()
  if (age > linkMilliseconds) return null
  return em.findOne(User, { id: userId })
}

/** Says that everything was looked at after a break-in. */
export async function finishRecovery(
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  viewer: Viewer,
): Promise<void> {
  await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const finished: unknown[] = await tx.execute(
      'delete from recovery where user_id = ? returning user_id',
      [viewer.userId],
    )
    if (finished.length > 0) {
      recordActivity(tx, ctx, viewer, { action: 'RECOVERY_FINISHED', subject: owner.name })
    }
  })
}

async function lock(tx: EntityManager, ctx: Change, owner: User): Promise<void> {
  await startRecovery(tx, owner.id, ctx.clock.now())
  await revokeAfter(tx, ctx.revokers, 'INTRUSION_REPORTED', { userId: owner.id })
  // To each of them: the one that is primary now may be the stranger's.
  const told = await findWaysBack(tx, owner.id, ctx.clock.now())
  await tellOwner(tx, ctx, owner, { kind: 'INTRUSION_REPORTED', values: deedOf(ctx) }, told.map(mailboxOf))
  await mailWayBack(tx, ctx, owner)
}
