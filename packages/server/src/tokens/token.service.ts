import { lengths, tokenLifetimeDays, tokensPerAccountUser } from '@lanyard/contract/limits'
import { LockMode } from '@mikro-orm/core'

import { requireMembership } from '../accounts/account-user.service.ts'
import { recordActivity, recordOwnActivity } from '../activity/record-activity.ts'
import { deedOf } from '../contacts/owner.ts'
import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { checkId, checkText } from '../lib/text-input.ts'
import { hashOfSecret } from '../security/secret-keys.ts'
import { clearAttempts, countPresentedToken } from '../security/sign-in-throttle.ts'
import { refuseClosedAccount, type Viewer } from '../viewer.ts'
import { PersonalAccessToken, TokenKey } from './personal-access-token.entity.ts'
import { endToken, insertToken, tellOfToken } from './token-life.ts'
import { longestTokenDays } from './token-policy.service.ts'
import type {
  CreatePersonalAccessTokenInput,
  CreatePersonalAccessTokenPayload,
  DeletePersonalAccessTokenInput,
  DeletePersonalAccessTokenPayload,
} from './token.types.ts'

const dayMilliseconds = 86_400_000

type Change = Pick<Context, 'em' | 'clock' | 'origin'>

/**
 * Makes a token for one of the viewer's own accounts. The text is answered once; the database keeps its hash.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, TOKEN_LIMIT_REACHED
 */
export async function createPersonalAccessToken(
  ctx: Change & Pick<Context, 'deliveries'>,
  viewer: Viewer,
  input: CreatePersonalAccessTokenInput,
): Promise<CreatePersonalAccessTokenPayload> {
  const name = checkText(input.name, 'name', { max: lengths.tokenName })
  const createdAt = ctx.clock.now()

  const payload = await ctx.em.transactional(async (tx) => {
    const membership = await requireMembership(tx, viewer, { id: input.accountUserId }, 'accountUserId', {
      lockMode: LockMode.PESSIMISTIC_WRITE,
    })
    const longestDays = await longestTokenDays(tx, membership.accountId)
    const expiresAt = checkExpiry(input.expiresAt ?? null, createdAt, longestDays)
    const owner = { userId: viewer.userId, accountUserId: membership.id }
    // One that is being replaced keeps nobody from making others.
    if ((await tx.count(PersonalAccessToken, { ...owner, replacedAt: null })) >= tokensPerAccountUser) {
      throw new AppError('TOKEN_LIMIT_REACHED', { field: 'name' })
    }

    const { token, row } = await insertToken(tx, {
      ...owner,
      name,
      createdAt,
      expiresAt,
      readOnly: input.readOnly ?? false,
    })
    recordActivity(tx, ctx, viewer, {
      action: 'TOKEN_CREATED',
      subject: name,
      accountId: membership.accountId,
      changes: [
        { field: 'expiresAt', before: null, after: expiresAt.toISOString() },
        { field: 'readOnly', before: null, after: String(row.readOnly) },
      ],
    })
    await tellOfToken(tx, ctx, row, membership.accountId, (names) => ({
      kind: 'TOKEN_CREATED',
      values: { ...deedOf(ctx), ...names },
    }))
    return { token, personalAccessTokenId: row.id, accountUserId: membership.id }
  })
  ctx.deliveries.wake()
  return payload
}

/**
 * Ends a token at once.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND
 */
export async function deletePersonalAccessToken(
  ctx: Change,
  viewer: Viewer,
  input: DeletePersonalAccessTokenInput,
): Promise<DeletePersonalAccessTokenPayload> {
  const id = checkId(input.personalAccessTokenId, 'personalAccessTokenId')
  return ctx.em.transactional(async (tx) => {
    const token = await tx.findOne(PersonalAccessToken, { userId: viewer.userId, id })
    if (!token) throw new AppError('NOT_FOUND', { field: 'personalAccessTokenId' })

    const accountId = await endToken(tx, token)
    refuseClosedAccount(viewer, accountId)
    recordActivity(tx, ctx, viewer, { action: 'TOKEN_DELETED', subject: token.name, accountId })
    return { removedId: id, accountUserId: token.accountUserId }
  })
}

/**
 * Ends a token because somebody presents it as leaked: whoever holds its text could use it, so nobody shall. Whether
 * there was such a token is not told, and any text costs the same look-up and one commit. Source: S-F6.
 * @throws AppError RATE_LIMITED for an address that has presented too much that is no token
 */
export async function revokeLeakedToken(
  ctx: Pick<Context, 'em' | 'clock' | 'limits' | 'origin' | 'deliveries'>,
  text: string,
): Promise<void> {
  const isEnded = await ctx.em.transactional(async (tx) => {
    const counters = await countPresentedToken(tx, ctx.clock, ctx.limits.signIn, ctx.origin.address)
    const key = await tx.findOne(TokenKey, { hash: hashOfSecret(text) })
    // Locked, as a leak is often reported twice at once, and the history shall tell it once.
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE } as const
    const token =
      key && (await tx.findOne(PersonalAccessToken, { userId: key.userId, id: key.tokenId }, lock))
    if (!token) return false

    const accountId = await endToken(tx, token)
    const { userId, name: subject } = token
    recordOwnActivity(tx, ctx, { action: 'TOKEN_REPORTED_LEAKED', userId, subject, accountId })
    await tellOfToken(tx, ctx, token, accountId, (names) => ({
      kind: 'TOKEN_LEAKED',
      values: { ...deedOf(ctx), ...names },
    }))
    await clearAttempts(tx, counters)
    return true
  })
  if (isEnded) ctx.deliveries.wake()
}

/** @throws AppError BAD_USER_INPUT for the past, and for longer than the account allows */
function checkExpiry(wanted: Date | null, now: Date, longestDays: number): Date {
  const inDays = (days: number) => new Date(now.getTime() + days * dayMilliseconds)
  if (!wanted) return inDays(Math.min(tokenLifetimeDays.default, longestDays))
  if (wanted <= now || wanted > inDays(longestDays)) throw badInput('expiresAt', 'OUT_OF_RANGE')
  return wanted
}
