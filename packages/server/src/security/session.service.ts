import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import type { Viewer } from '../viewer.ts'
import { announceRevocation, announceRevocations } from './revocation.ts'
import { Session } from './session.entity.ts'
import type { RevokeSessionInput } from './session.types.ts'
import { endOwnSession } from './end-session.ts'

type Change = Pick<Context, 'em' | 'clock' | 'origin' | 'cookies'>

/**
 * Ends one of the viewer's own sessions, the one that asks among them.
 * @returns its id, and whether it was that one
 * @throws AppError BAD_USER_INPUT, NOT_FOUND
 */
export async function revokeSession(
  ctx: Change,
  viewer: Viewer,
  input: RevokeSessionInput,
): Promise<{ removedId: string; isOwn: boolean }> {
  const id = checkId(input.sessionId, 'sessionId')
  const isOwn = viewer.credential.kind === 'session' && viewer.credential.sessionId === id
  await ctx.em.transactional(async (tx) => {
    if (isOwn) return endOwnSession(tx, ctx, viewer)
    const session = await tx.findOne(Session, { userId: viewer.userId, id })
    // Of two tabs that end it at once, one did.
    if (!session || (await tx.nativeDelete(Session, { userId: viewer.userId, id })) === 0)
      throw new AppError('NOT_FOUND', { field: 'sessionId' })
    await announceRevocation(tx, id)
    recordActivity(tx, ctx, viewer, { action: 'SESSION_ENDED', subject: session.device })
  })
  if (isOwn) ctx.cookies?.signOut()
  return { removedId: id, isOwn }
}

/** Ends the viewer's other sessions. @returns how many there were */
export async function signOutOthers(ctx: Change, viewer: Viewer): Promise<number> {
  if (viewer.credential.kind !== 'session') throw new AppError('FORBIDDEN')
  const { sessionId } = viewer.credential
  return ctx.em.transactional(async (tx) => {
    const ended = await tx.execute<{ id: string; device: string }[]>(
      'delete from session where user_id = ? and id <> ? returning id, device',
      [viewer.userId, sessionId],
    )
    if (ended.length === 0) return 0
    await announceRevocations(
      tx,
      ended.map(({ id }) => id),
    )
    recordActivity(tx, ctx, viewer, {
      action: 'OTHER_SESSIONS_ENDED',
      subject: String(ended.length),
      changes: ended.map(({ device }) => ({ field: 'session', before: device, after: null })),
    })
    return ended.length
  })
}
