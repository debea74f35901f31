import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

import { Account } from '../accounts/account.entity.ts'
import { requireMembership, requirePermission } from '../accounts/account-user.service.ts'
import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import { announceRevocations } from '../security/revocation.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { PersonalAccessToken } from './personal-access-token.entity.ts'
import { endToken, tellOfToken } from './token-life.ts'
import type {
  RevokeAccountTokensInput,
  RevokeAccountTokensPayload,
  RevokePersonalAccessTokenInput,
  RevokePersonalAccessTokenPayload,
} from './token.types.ts'

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
    const accountId = await requireTokensOfOthers(tx, viewer, input.accountId)
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

/**
 * Ends one token of the account, whoever holds it. Its owner is told by mail and in their history, the administrator
 * finds in theirs whose it was.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND; FORBIDDEN without `tokens.others`
 */
export async function revokePersonalAccessToken(
  ctx: Pick<Context, 'em' | 'clock' | 'origin' | 'deliveries'>,
  viewer: Viewer,
  input: RevokePersonalAccessTokenInput,
): Promise<RevokePersonalAccessTokenPayload> {
  const id = checkId(input.personalAccessTokenId, 'personalAccessTokenId')
  const payload = await ctx.em.transactional(async (tx) => {
    const accountId = await requireTokensOfOthers(tx, viewer, input.accountId)
    const token = await lockTokenOf(tx, accountId, id)
    const { userId, name: tokenName } = token
    await endToken(tx, token)

    const owner = await tx.findOneOrFail(User, { id: userId })
    const actor = await tx.findOneOrFail(User, { id: viewer.userId })
    recordActivity(tx, ctx, viewer, { action: 'TOKEN_REVOKED', subject: tokenName, accountId, userId })
    if (userId !== viewer.userId) {
      recordActivity(tx, ctx, viewer, {
        action: 'MEMBER_TOKEN_REVOKED',
        subject: owner.name,
        accountId,
        changes: [{ field: 'accessToken', before: tokenName, after: null }],
      })
    }
    await tellOfToken(tx, ctx, token, accountId, (names) => ({
      kind: 'TOKEN_REVOKED',
      values: { at: ctx.clock.now().toISOString(), actorName: actor.name, ...names },
    }))
    return { removedId: id, accountId }
  })
  ctx.deliveries.wake()
  return payload
}

/** @returns the account's id */
async function requireTokensOfOthers(
  tx: EntityManager,
  viewer: Viewer,
  accountId: string,
): Promise<string> {
  const membership = await requireMembership(tx, viewer, { accountId }, 'accountId')
  await requirePermission(tx, viewer, membership, 'tokens.others')
  return membership.accountId
}

/** Locked, as of two administrators at once one ends it, and the other is told that it is not there any more. */
async function lockTokenOf(tx: EntityManager, accountId: string, id: string): Promise<PersonalAccessToken> {
  const [found] = await tx.execute<{ userId: string }[]>(
    `select user_id as "userId" from personal_access_token where account_id = ? and id = ?`,
    [accountId, id],
  )
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE } as const
  const token = found && (await tx.findOne(PersonalAccessToken, { userId: found.userId, id }, lock))
  if (!token) throw new AppError('NOT_FOUND', { field: 'personalAccessTokenId' })
  return token
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
