import { tokenLifetimeDays } from '@lanyard/contract/limits'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

import { Account } from '../accounts/account.entity.ts'
import { requireMembership, requirePermission } from '../accounts/account-user.service.ts'
import { changesBetween, recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { badInput } from '../errors/app-error.ts'
import type { Viewer } from '../viewer.ts'
import type { SetTokenPolicyInput } from './token.types.ts'

/** Days that a token made in the account now may live at most. */
export async function longestTokenDays(tx: EntityManager, accountId: string): Promise<number> {
  const { longestTokenDays: days } = await tx.findOneOrFail(Account, { id: accountId })
  return days ?? tokenLifetimeDays.max
}

/**
 * Says how long tokens made in the account from now on may live at most. Those that are there already keep their time.
 * @returns the account's id
 * @throws AppError BAD_USER_INPUT, NOT_FOUND; FORBIDDEN without `account.manage`
 */
export async function setTokenPolicy(
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  viewer: Viewer,
  { accountId, longestTokenDays: after }: SetTokenPolicyInput,
): Promise<string> {
  if (after < 1 || after > tokenLifetimeDays.max) throw badInput('longestTokenDays', 'OUT_OF_RANGE')
  return ctx.em.transactional(async (tx) => {
    const membership = await requireMembership(tx, viewer, { accountId }, 'accountId')
    await requirePermission(tx, viewer, membership, 'account.manage')
    const id = membership.accountId
    // Two administrators at once: the history tells what each of them changed.
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
    const account = await tx.findOneOrFail(Account, { id }, lock)
    const before = account.longestTokenDays ?? tokenLifetimeDays.max
    if (before === after) return id

    tx.assign(account, { longestTokenDays: after === tokenLifetimeDays.max ? null : after })
    recordActivity(tx, ctx, viewer, {
      action: 'TOKEN_POLICY_SET',
      subject: account.name,
      accountId: id,
      changes: changesBetween({ longestTokenDays: before }, { longestTokenDays: after }, [
        'longestTokenDays',
      ]),
    })
    return id
  })
}
