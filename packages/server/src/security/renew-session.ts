import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import type { Viewer } from '../viewer.ts'
import { findSession } from './find-session.ts'
import { hashOfSecret, newSecretKey } from './secret-keys.ts'
import { Session, SessionKey, SignInMethod } from './session.entity.ts'

/** What `cookies.renew` takes once the transaction is committed. */
export interface RenewedSession {
  sessionId: string
  key: string
  expiresAt: Date
  remember: boolean
}

/**
 * Lets the viewer's session go on under a new cookie, as it may do more from now on: whoever has copied the old one does
 * not share in it. The session is the same one, and so its sockets stay. Source: S-D1.
 * @param provenAt when the person proved again who they are; absent when they did not
 * @throws AppError FORBIDDEN for a token, UNAUTHENTICATED for a session that has ended
 */
export async function renewSession(
  tx: EntityManager,
  { userId, credential }: Viewer,
  provenAt?: Date,
): Promise<RenewedSession> {
  if (credential.kind !== 'session') throw new AppError('FORBIDDEN')
  const { sessionId } = credential
  // Its row is the queue of those who renew it at once: of two that do not see each other's cookies both would stay.
  const session = await tx.findOne(
    Session,
    { userId, id: sessionId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  )
  if (!session) throw new AppError('UNAUTHENTICATED')
  if (provenAt) session.provenAt = provenAt
  const key = newSecretKey()
  await tx.nativeDelete(SessionKey, { userId, sessionId })
  await tx.insert(tx.create(SessionKey, { hash: hashOfSecret(key), userId, sessionId }))
  return { sessionId, key, expiresAt: session.expiresAt, remember: session.remembered }
}

/**
 * Notes that the viewer has just proved who they are, in a transaction of its own. A session that began with an identity
 * provider is their own from then on.
 * @param method by something of their own
 * @returns the viewer with the new proof
 * @throws AppError UNAUTHENTICATED when the session has ended meanwhile, FORBIDDEN without one or on a socket
 */
export async function renewProof(
  ctx: Pick<Context, 'em' | 'clock' | 'limits' | 'origin' | 'statements' | 'deliveries' | 'cookies'>,
  viewer: Viewer,
  method: SignInMethod.PASSWORD | SignInMethod.PASSKEY,
): Promise<Viewer> {
  const { em, clock, cookies } = ctx
  if (!cookies) throw new AppError('FORBIDDEN')
  const renewed = await em.transactional(async (tx) => {
    const session = await renewSession(tx, viewer, clock.now())
    const began = { userId: viewer.userId, id: session.sessionId, method: SignInMethod.SSO }
    await tx.nativeUpdate(Session, began, { method })
    return session
  })
  cookies.renew(renewed)
  const proven = await findSession(ctx, renewed.key, () => ctx)
  if (!proven) throw new AppError('UNAUTHENTICATED')
  return proven
}
