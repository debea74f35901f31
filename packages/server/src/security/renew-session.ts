import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import type { Viewer } from '../viewer.ts'
import { findSession } from './find-session.ts'
import { hashOfSecret, newSecretKey } from './secret-keys.ts'

/**
 * Notes that the viewer has just proved who they are, and gives the browser a new cookie: whoever has copied the old one
 * does not share in the proof. The session is the same one, and so its sockets stay. Source: S-D1.
 * @returns the viewer with the new proof
 * @throws AppError UNAUTHENTICATED when the session has ended meanwhile, FORBIDDEN without one or on a socket
 */
export async function renewSession(
  ctx: Pick<Context, 'em' | 'clock' | 'limits' | 'statements' | 'cookies'>,
  { userId, credential }: Viewer,
): Promise<Viewer> {
  const { em, clock, cookies } = ctx
  if (credential.kind !== 'session' || !cookies) throw new AppError('FORBIDDEN')
  const { sessionId } = credential
  const key = newSecretKey()
  const session = await em.transactional(async (tx) => {
    const [proven] = await tx.execute<{ expires_at: Date; remembered: boolean }[]>(
      'update session set proven_at = ? where user_id = ? and id = ? returning expires_at, remembered',
      [clock.now(), userId, sessionId],
    )
    if (!proven) throw new AppError('UNAUTHENTICATED')
    await tx.execute('delete from session_key where user_id = ? and session_id = ?', [userId, sessionId])
    await tx.execute('insert into session_key (hash, user_id, session_id) values (?, ?, ?)', [
      hashOfSecret(key),
      userId,
      sessionId,
    ])
    return { expiresAt: new Date(proven.expires_at), remember: proven.remembered }
  })
  cookies.renew({ key, ...session })
  const viewer = await findSession(ctx, key)
  if (!viewer) throw new AppError('UNAUTHENTICATED')
  return viewer
}
