import { LockMode } from '@mikro-orm/core'

import { Account } from '../accounts/account.entity.ts'
import { requireMembership } from '../accounts/account-user.service.ts'
import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { checkId, present } from '../lib/text-input.ts'
import type { Viewer } from '../viewer.ts'
import type { SetAccountUserNotificationRuleInput } from './attach-rule.types.ts'
import { NotificationRule } from './notification-rule.entity.ts'

/**
 * Attaches a rule of the account to the viewer there, or none.
 * @returns the membership's id
 * @throws AppError BAD_USER_INPUT; NOT_FOUND for a membership of others or a rule of another account
 */
export async function setAccountUserNotificationRule(
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  viewer: Viewer,
  input: SetAccountUserNotificationRuleInput,
): Promise<string> {
  const { notificationRuleId: wanted } = input
  const ruleId = present(wanted) ? checkId(wanted, 'notificationRuleId') : null
  return ctx.em.transactional(async (tx) => {
    const membership = await requireMembership(tx, viewer, { id: input.accountUserId }, 'accountUserId', {
      lockMode: LockMode.PESSIMISTIC_WRITE,
    })
    const { accountId, notificationRuleId: oldId } = membership
    const rules = await tx.find(NotificationRule, {
      accountId,
      id: { $in: [ruleId, oldId].filter((id) => id !== null) },
    })
    const nameOf = (id: string | null) => rules.find((rule) => rule.id === id)?.name ?? null
    if (ruleId && nameOf(ruleId) === null) throw new AppError('NOT_FOUND', { field: 'notificationRuleId' })
    if (ruleId === oldId) return membership.id

    membership.notificationRuleId = ruleId
    const account = await tx.findOneOrFail(Account, { id: accountId })
    recordActivity(tx, ctx, viewer, {
      action: 'NOTIFICATION_RULE_SET',
      subject: account.name,
      accountId,
      changes: [{ field: 'notificationRule', before: nameOf(oldId), after: nameOf(ruleId) }],
    })
    return membership.id
  })
}
