import { tokenOverlapHours, tokensPerAccountUser } from '@lanyard/contract/limits'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

import type { AccountUser } from '../accounts/account-user.entity.ts'
import { requireMembership } from '../accounts/account-user.service.ts'
import { recordActivity } from '../activity/record-activity.ts'
import { deedOf } from '../contacts/owner.ts'
import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import type { Viewer } from '../viewer.ts'
import { PersonalAccessToken } from './personal-access-token.entity.ts'
import { endToken, insertToken, tellOfToken } from './token-life.ts'
import { longestTokenDays } from './token-policy.service.ts'
import type { RotatePersonalAccessTokenInput, RotatePersonalAccessTokenPayload } from './token.types.ts'

const hourMilliseconds = 3_600_000

/**
 * Puts a new token in the place of one of the viewer's own, for as long as that one was made for. The old one goes on
 * working for the overlap, but no longer than it would have; without overlap, or when it is over already, it goes.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, TOKEN_ALREADY_ROTATED, TOKEN_LIMIT_REACHED
 */
export async function rotatePersonalAccessToken(
  ctx: Pick<Context, 'em' | 'clock' | 'origin' | 'deliveries'>,
  viewer: Viewer,
  input: RotatePersonalAccessTokenInput,
): Promise<RotatePersonalAccessTokenPayload> {
  const id = checkId(input.personalAccessTokenId, 'personalAccessTokenId')
  const overlapHours = input.overlapHours ?? tokenOverlapHours.default
  if (overlapHours < 0 || overlapHours > tokenOverlapHours.max)
    throw badInput('overlapHours', 'OUT_OF_RANGE')

  const payload = await ctx.em.transactional(async (tx) => {
    const { old, membership } = await lockToken(tx, viewer, id)
    if (old.replacedAt) throw new AppError('TOKEN_ALREADY_ROTATED', { field: 'personalAccessTokenId' })
    const now = ctx.clock.now()
    await makeRoom(tx, membership, now)

    const { userId, accountUserId, name, readOnly } = old
    const oldEnd = old.expiresAt
    const longestDays = await longestTokenDays(tx, membership.accountId)
    const life = Math.min(oldEnd.getTime() - old.createdAt.getTime(), longestDays * 24 * hourMilliseconds)
    const expiresAt = new Date(now.getTime() + life)
    const { token, row } = await insertToken(tx, {
      userId,
      accountUserId,
      name,
      readOnly,
      createdAt: now,
      expiresAt,
    })

    const worksUntil = new Date(Math.min(oldEnd.getTime(), now.getTime() + overlapHours * hourMilliseconds))
    const isOver = worksUntil <= now
    if (isOver) await endToken(tx, old)
    else tx.assign(old, { replacedAt: now, expiresAt: worksUntil })
    recordActivity(tx, ctx, viewer, {
      action: 'TOKEN_ROTATED',
      subject: name,
      accountId: membership.accountId,
      changes: [
        { field: 'expiresAt', before: oldEnd.toISOString(), after: expiresAt.toISOString() },
        { field: 'oldTokenWorksUntil', before: null, after: isOver ? null : worksUntil.toISOString() },
      ],
    })
    await tellOfToken(tx, ctx, row, membership.accountId, (names) => ({
      kind: 'TOKEN_ROTATED',
      values: { ...deedOf(ctx), ...names, oldWorksUntil: isOver ? null : worksUntil.toISOString() },
    }))
    return { token, personalAccessTokenId: row.id, accountUserId: membership.id }
  })
  ctx.deliveries.wake()
  return payload
}

/**
 * The token with its membership, whose row is the queue for everything that makes tokens: of many rotations at once the
 * first finds the token as it is, the others find it replaced.
 */
async function lockToken(
  tx: EntityManager,
  viewer: Viewer,
  id: string,
): Promise<{ old: PersonalAccessToken; membership: AccountUser }> {
  const field = 'personalAccessTokenId'
  const where = { userId: viewer.userId, id }
  const seen = await tx.findOne(PersonalAccessToken, where)
  if (!seen) throw new AppError('NOT_FOUND', { field })
  const lockMode = LockMode.PESSIMISTIC_WRITE
  const membership = await requireMembership(tx, viewer, { id: seen.accountUserId }, field, { lockMode })
  const old = await tx.findOne(PersonalAccessToken, where, { lockMode, refresh: true })
  if (!old) throw new AppError('NOT_FOUND', { field })
  return { old, membership }
}

/**
 * A full list does not keep anybody from rotating; rotating again and again within the overlaps does, as each of them
 * leaves one more token that works. Those whose overlap is over are gone.
 * @throws AppError TOKEN_LIMIT_REACHED
 */
async function makeRoom(tx: EntityManager, { userId, id }: AccountUser, now: Date): Promise<void> {
  const replaced = { userId, accountUserId: id, replacedAt: { $ne: null } }
  await tx.nativeDelete(PersonalAccessToken, { ...replaced, expiresAt: { $lte: now } })
  if ((await tx.count(PersonalAccessToken, replaced)) >= tokensPerAccountUser) {
    throw new AppError('TOKEN_LIMIT_REACHED', { field: 'personalAccessTokenId' })
  }
}
