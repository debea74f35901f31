import type { EntityManager } from '@mikro-orm/postgresql'

import { Account } from '../accounts/account.entity.ts'
import { requireMembership, requirePermission } from '../accounts/account-user.service.ts'
import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { announceRevocations } from '../security/revocation.ts'
import type { Viewer } from '../viewer.ts'
import type { RevokeAccountTokensInput, RevokeAccountTokensPayload } from './token.types.ts'

interface EndedToken {
  userId: string
  id: string
  name: string
}

/**
 * Ends every token of everybody in the account, for a leak that nobody can put bounds to. Each owner finds in their
 * history which of theirs ended; the administrator is told the number only. Source: S-F6.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND; FORBIDDEN without `tokens.others`
 */
export async function revokeAccountTokens(
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  viewer: Viewer,
  input: RevokeAccountTokensInput,
): Promise<RevokeAccountTokensPayload> {
  return ctx.em.transactional(async (tx) => {
    const membership = await requireMembership(tx, viewer, { accountId: input.accountId }, 'accountId')
    await requirePermission(tx, viewer, membership, 'tokens.others')
    const { accountId } = membership

    const ended = await endTokensOf(tx, accountId)
    await announceRevocations(
      tx,
      ended.map(({ id }) => id),
    )
    const account = await tx.findOneOrFail(Account, { id: accountId })
    for (const [userId, tokens] of Map.groupBy(ended, ({ userId: owner }) => owner)) {
      recordActivity(tx, ctx, viewer, {
        action: 'ACCOUNT_TOKENS_REVOKED',
        subject: account.name,
        accountId,
        userId,
        changes: tokens.map(({ name }) => ({ field: 'accessToken', before: name, after: null })),
      })
    }
    return { revoked: ended.length }
  })
}

async function endTokensOf(tx: EntityManager, accountId: string): Promise<EndedToken[]> {
  // A token is made under a lock on its membership: once all of these are ours, none comes to be unseen.
  await tx.execute(
    `select count(*) from (select 1 from account_user where account_id = ?
      order by user_id, id for no key update) as locked`,
    [accountId],
  )
  return tx.execute<EndedToken[]>(
    `with ended as (
      delete from personal_access_token t using account_user m
        where m.account_id = ? and t.user_id = m.user_id and t.account_user_id = m.id
        returning t.user_id as "userId", t.id, t.name
    ) select * from ended order by "userId", id`,
    [accountId],
  )
}
