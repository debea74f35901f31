import type { Context, SessionCookies } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import type { Proof } from './complete-sign-in.ts'
import { hashOfSecret, newSecretKey } from './secret-keys.ts'
import type { SignInMethod } from './session.entity.ts'

/** What a sign-in waits for. */
export type PendingStage = 'SECOND_FACTOR' | 'SSO'

/** A sign-in of which the first step is done. */
export interface PendingSignIn {
  userId: string
  stage: PendingStage
  method: SignInMethod
  remember: boolean
}

/** Remembers how far a sign-in has come, under a new cookie. The one before, if any, is forgotten: each step has its own. */
export async function waitForMore(
  { em, clock, limits }: Pick<Context, 'em' | 'clock' | 'limits'>,
  cookies: SessionCookies,
  { user, method, remember }: Pick<Proof, 'user' | 'method' | 'remember'>,
  stage: PendingStage,
): Promise<void> {
  const now = clock.now()
  const key = newSecretKey()
  const { pendingSeconds } = limits.session
  await em.transactional(async (tx) => {
    await tx.execute('delete from pending_sign_in where hash = ?', [hashOfSecret(cookies.pendingKey ?? '')])
    await tx.execute(
      `insert into pending_sign_in (hash, user_id, stage, method, remember, created_at, expires_at)
        values (?, ?, ?, ?, ?, ?, ?)`,
      [
        hashOfSecret(key),
        user.id,
        stage,
        method,
        remember,
        now,
        new Date(now.getTime() + pendingSeconds * 1000),
      ],
    )
  })
  cookies.wait(key, pendingSeconds)
}

/** The sign-in that this browser has begun; undefined when there is none, or it took too long. */
export async function findPendingSignIn(
  { em, clock, cookies }: Pick<Context, 'em' | 'clock' | 'cookies'>,
  stage?: PendingStage,
): Promise<PendingSignIn | undefined> {
  if (!cookies?.pendingKey) return undefined
  const [pending] = await em.execute<PendingSignIn[]>(
    `select user_id as "userId", stage, method, remember from pending_sign_in
      where hash = ? and expires_at > ?`,
    [hashOfSecret(cookies.pendingKey), clock.now()],
  )
  return pending && (stage === undefined || pending.stage === stage) ? pending : undefined
}

/**
 * Counts a code before it is tried, in a transaction of its own: after five wrong ones the password is asked for again.
 * @throws AppError SIGN_IN_EXPIRED when there is no such sign-in, or it had as many tries as it may
 */
export async function countPendingFailure({
  em,
  clock,
  cookies,
  limits,
}: Pick<Context, 'em' | 'clock' | 'cookies' | 'limits'>): Promise<PendingSignIn> {
  const [pending] = await em.fork().execute<PendingSignIn[]>(
    `update pending_sign_in set failures = failures + 1
      where hash = ? and stage = 'SECOND_FACTOR' and expires_at > ? and failures < ?
      returning user_id as "userId", stage, method, remember`,
    [hashOfSecret(cookies?.pendingKey ?? ''), clock.now(), limits.secondFactor.failuresPerSignIn],
  )
  if (!pending) throw new AppError('SIGN_IN_EXPIRED')
  return pending
}
