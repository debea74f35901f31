import { sql } from 'kysely'

import { recordActivity } from '../activity/record-activity.ts'
import { deedOf, lockOwner, primaryEmailOf, tellOwner } from '../contacts/owner.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { rowAs } from '../lib/read-model.ts'
import { checkId } from '../lib/text-input.ts'
import type { Viewer } from '../viewer.ts'
import { isForgettable, stillCounts } from './way-back.ts'

/**
 * Ends a removed email as a way back before its time: its mailbox may be lost. Tells the primary one, and itself. A
 * link for a new password that is on its way there ends with it.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, LAST_WAY_BACK
 */
export async function forgetRemovedEmail(
  ctx: Pick<Context, 'em' | 'clock' | 'origin' | 'deliveries'>,
  viewer: Viewer,
  removedEmailId: string,
): Promise<string> {
  const id = checkId(removedEmailId, 'removedEmailId')
  await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const removed = rowAs('removed')
    const now = sql`${ctx.clock.now()}::timestamptz`
    const { rows } = await sql<{ address: string; forgettable: boolean }>`
      select address, ${isForgettable(removed, now)} as forgettable from removed_email as removed
      where user_id = ${owner.id} and id = ${id} and ${stillCounts(removed, now)}`.execute(tx.getKysely())
    const [found] = rows
    if (!found) throw new AppError('NOT_FOUND', { field: 'removedEmailId' })
    const { address, forgettable } = found
    if (!forgettable) throw new AppError('LAST_WAY_BACK', { field: 'removedEmailId' })

    await tx.execute('delete from removed_email where user_id = ? and id = ?', [owner.id, id])
    await tx.execute('delete from password_reset where user_id = ?', [owner.id])
    const primary = await primaryEmailOf(tx, owner)
    await tellOwner(tx, ctx, owner, { kind: 'EMAIL_FORGOTTEN', values: { ...deedOf(ctx), address } }, [
      ...(primary ? [primary] : []),
      { id: null, address },
    ])
    recordActivity(tx, ctx, viewer, { action: 'EMAIL_FORGOTTEN', subject: address })
  })
  ctx.deliveries.wake()
  return id
}
