import { lengths, tokenLifetimeDays, tokensPerAccountUser } from '@lanyard/contract/limits'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

import { AccountUser } from '../accounts/account-user.entity.ts'
import { requireMembership } from '../accounts/account-user.service.ts'
import { recordActivity, recordOwnActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { checkId, checkText } from '../lib/text-input.ts'
import { announceRevocation } from '../security/revocation.ts'
import { hashOfSecret } from '../security/secret-keys.ts'
import { clearAttempts, countPresentedToken } from '../security/sign-in-throttle.ts'
import type { Viewer } from '../viewer.ts'
import { PersonalAccessToken, TokenKey } from './personal-access-token.entity.ts'
import { newToken } from './token-format.ts'
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
  ctx: Change,
  viewer: Viewer,
  input: CreatePersonalAccessTokenInput,
): Promise<CreatePersonalAccessTokenPayload> {
  const name = checkText(input.name, 'name', { max: lengths.tokenName })
  const createdAt = ctx.clock.now()
  const expiresAt = checkExpiry(input.expiresAt ?? null, createdAt)

  return ctx.em.transactional(async (tx) => {
    const membership = await requireMembership(tx, viewer, { id: input.accountUserId }, 'accountUserId', {
      lockMode: LockMode.PESSIMISTIC_WRITE,
    })
    const owner = { userId: viewer.userId, accountUserId: membership.id }
    if ((await tx.count(PersonalAccessToken, owner)) >= tokensPerAccountUser) {
      throw new AppError('TOKEN_LIMIT_REACHED', { field: 'name' })
    }

    const token = newToken()
    const row = tx.create(PersonalAccessToken, {
      ...owner,
      name,
      lastFour: token.slice(-4),
      createdAt,
      expiresAt,
      readOnly: input.readOnly ?? false,
    })
    tx.persist(row)
    await tx.flush()
    tx.persist(tx.create(TokenKey, { hash: hashOfSecret(token), userId: viewer.userId, tokenId: row.id }))
    recordActivity(tx, ctx, viewer, {
      action: 'TOKEN_CREATED',
      subject: name,
      accountId: membership.accountId,
      changes: [
        { field: 'expiresAt', before: null, after: expiresAt.toISOString() },
        { field: 'readOnly', before: null, after: String(row.readOnly) },
      ],
    })
    return { token, personalAccessTokenId: row.id, accountUserId: membership.id }
  })
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
  ctx: Pick<Context, 'em' | 'clock' | 'limits' | 'origin'>,
  text: string,
): Promise<void> {
  await ctx.em.transactional(async (tx) => {
    const counters = await countPresentedToken(tx, ctx.clock, ctx.limits.signIn, ctx.origin.address)
    const key = await tx.findOne(TokenKey, { hash: hashOfSecret(text) })
    // Locked, as a leak is often reported twice at once, and the history shall tell it once.
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE } as const
    const token =
      key && (await tx.findOne(PersonalAccessToken, { userId: key.userId, id: key.tokenId }, lock))
    if (!token) return

    const accountId = await endToken(tx, token)
    const { userId, name: subject } = token
    recordOwnActivity(tx, ctx, { action: 'TOKEN_REPORTED_LEAKED', userId, subject, accountId })
    await clearAttempts(tx, counters)
  })
}

/** @returns the account it was for */
async function endToken(tx: EntityManager, token: PersonalAccessToken): Promise<string> {
  const { userId, accountUserId } = token
  const { accountId } = await tx.findOneOrFail(AccountUser, { userId, id: accountUserId })
  tx.remove(token)
  await announceRevocation(tx, token.id)
  return accountId
}

function checkExpiry(wanted: Date | null, now: Date): Date {
  const inDays = (days: number) => new Date(now.getTime() + days * dayMilliseconds)
  if (!wanted) return inDays(tokenLifetimeDays.default)
  if (wanted <= now || wanted > inDays(tokenLifetimeDays.max)) throw badInput('expiresAt', 'OUT_OF_RANGE')
  return wanted
}
