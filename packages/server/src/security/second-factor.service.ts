import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { present } from '../lib/text-input.ts'
import { User } from '../users/user.entity.ts'
import {
  completeSignIn,
  secondFactorsOf,
  type SignInContext,
  type SignInOutcome,
} from './complete-sign-in.ts'
import { acceptPasskey } from './passkey-proof.ts'
import { countPendingFailure, findPendingSignIn } from './pending-sign-in.ts'
import { acceptCode, checkCode } from './second-factor-code.ts'
import type { PendingSignIn, SubmitSecondFactorInput } from './second-factor.types.ts'
import { SignInStatus } from './sign-in.types.ts'
import { closedWithoutSso, startUrlOf } from './sso/sso-accounts.ts'

/**
 * The second step of a sign-in. Five tries and the first step is asked for again; over all sign-ins the person's codes
 * are counted as well. Source: S-B3.
 * @throws AppError CODE_WRONG, CODE_EXHAUSTED, PASSKEY_REFUSED, RATE_LIMITED, BAD_USER_INPUT; SIGN_IN_EXPIRED when
 *   there is no such sign-in, or no more of it
 */
export async function submitSecondFactor(
  ctx: SignInContext & Pick<Context, 'config' | 'sealing'>,
  { code, passkey }: SubmitSecondFactorInput,
): Promise<SignInOutcome> {
  if (!ctx.cookies) throw new AppError('FORBIDDEN')
  if (present(code) === present(passkey)) throw badInput('code', present(code) ? 'FORMAT' : 'EMPTY')
  if (present(code)) checkCode(code)
  const { userId, method, remember } = await countPendingFailure(ctx)
  if (present(code)) await acceptCode(ctx, userId, code)
  else await acceptPasskey(ctx, userId, passkey)
  const user = await ctx.em.findOneOrFail(User, { id: userId })
  return completeSignIn(ctx, { user, method, isWhole: true, remember })
}

/** What this browser's sign-in waits for; null when it is at none. */
export async function pendingSignInOf(
  ctx: Pick<Context, 'em' | 'clock' | 'cookies'>,
): Promise<PendingSignIn | null> {
  const pending = await findPendingSignIn(ctx)
  if (!pending) return null
  const user = await ctx.em.findOneOrFail(User, { id: pending.userId })
  if (pending.stage === 'SECOND_FACTOR') {
    const secondFactors = await secondFactorsOf(ctx.em, user)
    return { status: SignInStatus.SECOND_FACTOR_REQUIRED, secondFactors, ssoChoices: [] }
  }
  const closed = await closedWithoutSso(ctx.em, user)
  const ssoChoices = closed.map((account) => ({ accountName: account.name, url: startUrlOf(account) }))
  return { status: SignInStatus.SSO_REQUIRED, secondFactors: [], ssoChoices }
}
