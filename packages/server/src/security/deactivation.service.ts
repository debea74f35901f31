import { Account } from '../accounts/account.entity.ts'
import { AccountUser } from '../accounts/account-user.entity.ts'
import { requireMembership, requirePermission } from '../accounts/account-user.service.ts'
import { recordActivity } from '../activity/record-activity.ts'
import { deedOf, lockOwner } from '../contacts/owner.ts'
import { tellPrimaryEmail } from '../contacts/tell-primary-email.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import { User } from '../users/user.entity.ts'
import { boundAccountId, type Viewer } from '../viewer.ts'
import type { RemoveAccountUserInput, SetUserEnabledInput } from './deactivation.types.ts'
import { revokeAfter } from './revocations.ts'

type Change = Pick<Context, 'em' | 'clock' | 'origin' | 'deliveries' | 'revokers'>

/**
 * Takes a person out of an account: the viewer, who leaves, or somebody else with `members.manage` there. What they may
 * do in it ends at once; their history and their inbox stay theirs.
 * @returns the id of the membership that was
 * @throws AppError BAD_USER_INPUT, NOT_FOUND; FORBIDDEN without the permission; LAST_ADMINISTRATOR for the owner
 */
export async function removeAccountUser(
  ctx: Change,
  viewer: Viewer,
  input: RemoveAccountUserInput,
): Promise<string> {
  const id = checkId(input.accountUserId, 'accountUserId')
  await ctx.em.transactional(async (tx) => {
    const [found] = await tx.execute<{ userId: string; accountId: string }[]>(
      `select m.user_id as "userId", m.account_id as "accountId" from account_user m
        where m.id = ? and m.account_id in (select account_id from account_user where user_id = ?)`,
      [id, viewer.userId],
    )
    if (!found) throw new AppError('NOT_FOUND', { field: 'accountUserId' })
    const { userId, accountId } = found
    const isLeaving = userId === viewer.userId
    const membership = isLeaving
      ? await requireOwnMembership(tx, viewer, accountId)
      : await requireMembership(tx, viewer, { accountId }, 'accountUserId')
    if (!isLeaving) await requirePermission(tx, viewer, membership, 'members.manage')
    const account = await tx.findOneOrFail(Account, { id: accountId })
    if (account.ownerId === userId) throw new AppError('LAST_ADMINISTRATOR', { field: 'accountUserId' })

    await revokeAfter(tx, ctx.revokers, 'ACCOUNT_LEFT', { userId, accountId })
    // Their identity at the account's provider stays known, or the provider could make them anew as somebody else.
    await tx.execute('delete from session_account where user_id = ? and account_id = ?', [
      userId,
      accountId,
    ])
    // Of two that take the same person out at once, one did.
    if ((await tx.nativeDelete(AccountUser, { userId, id })) === 0)
      throw new AppError('NOT_FOUND', { field: 'accountUserId' })
    const left = { action: 'ACCOUNT_LEFT', subject: account.name, accountId } as const
    recordActivity(tx, ctx, viewer, { ...left, userId })
    if (!isLeaving) {
      const person = await tx.findOneOrFail(User, { id: userId })
      const changes = [{ field: 'member', before: person.name, after: null }]
      recordActivity(tx, ctx, viewer, { ...left, action: 'MEMBER_REMOVED', changes })
    }
  })
  return id
}

/**
 * Keeps a person from signing in, or lets them again. Disabling ends everything that acts for them.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND; FORBIDDEN for who is no super admin, and for oneself
 */
export async function setUserEnabled(
  ctx: Change,
  viewer: Viewer,
  { userId, enabled }: SetUserEnabledInput,
): Promise<void> {
  if (!viewer.superAdmin) throw new AppError('FORBIDDEN')
  const id = checkId(userId, 'userId')
  if (id === viewer.userId) throw new AppError('FORBIDDEN', { field: 'userId' })
  await ctx.em.transactional(async (tx) => {
    if (!(await tx.findOne(User, { id }))) throw new AppError('NOT_FOUND', { field: 'userId' })
    const user = await lockOwner(tx, id)
    const isEnabled = user.disabledAt === null
    if (isEnabled === enabled) return
    user.disabledAt = enabled ? null : ctx.clock.now()
    const happening = { action: enabled ? 'USER_ENABLED' : 'USER_DISABLED', subject: user.name } as const
    recordActivity(tx, ctx, viewer, { ...happening, userId: id })
    recordActivity(tx, ctx, viewer, happening)
    if (enabled) return
    await revokeAfter(tx, ctx.revokers, 'USER_DISABLED', { userId: id })
    await tellPrimaryEmail(tx, ctx, user, { kind: 'USER_DISABLED', values: deedOf(ctx) })
  })
  ctx.deliveries.wake()
}

/** One's own, also where single sign-on or a second factor is missing: whoever may not come in may still leave. */
async function requireOwnMembership(
  tx: Context['em'],
  viewer: Viewer,
  accountId: string,
): Promise<AccountUser> {
  const bound = boundAccountId(viewer)
  if (bound !== null && bound !== accountId) throw new AppError('NOT_FOUND', { field: 'accountUserId' })
  return tx.findOneOrFail(AccountUser, { userId: viewer.userId, accountId })
}
