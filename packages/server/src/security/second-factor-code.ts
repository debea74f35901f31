import { recordActivity } from '../activity/record-activity.ts'
import { deedOf } from '../contacts/owner.ts'
import { tellPrimaryEmail } from '../contacts/tell-primary-email.ts'
import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { User } from '../users/user.entity.ts'
import { macOfRecoveryCode, readRecoveryCode } from './recovery-codes.ts'
import { clearAttempts, countCode } from './sign-in-throttle.ts'
import { type FactorSecrets, findFactor } from './totp-factor.ts'
import { readTotpCode, stepOfTotpCode } from './totp.ts'

type CodeContext = Pick<Context, 'em' | 'clock' | 'limits' | 'origin' | 'sealing' | 'deliveries'>

/** Characters; more is no code, however it is written. */
const longestCode = 64

/**
 * Accepts a code of the person's authenticator app or one of their recovery codes, each only once: the one way for
 * every door that asks for a second factor. It is counted before it is tried.
 * @throws AppError CODE_WRONG; CODE_EXHAUSTED when only recovery codes count any more; RATE_LIMITED; TWO_FACTOR_OFF;
 *   BAD_USER_INPUT
 */
export async function acceptCode(ctx: CodeContext, userId: string, text: string): Promise<void> {
  checkCode(text)
  const { em, clock, limits, origin, sealing } = ctx
  const factor = await findFactor(em, sealing, userId)
  if (!factor) throw new AppError('TWO_FACTOR_OFF')

  const recoveryCode = readRecoveryCode(text)
  const isRecoveryCode = recoveryCode !== undefined
  const counted = { userId, address: origin.address, isRecoveryCode }
  const counters = await countCode(em, clock, limits, counted)
  const isAccepted = isRecoveryCode
    ? await spendRecoveryCode(ctx, userId, macOfRecoveryCode(factor.recoveryKey, recoveryCode))
    : await spendTotpCode(ctx, userId, factor, text)
  if (!isAccepted) throw new AppError('CODE_WRONG')
  await clearAttempts(em, counters)
}

/** Told apart from a wrong code, so that nothing is counted that nobody meant. @throws AppError BAD_USER_INPUT */
export function checkCode(text: string): void {
  if (text.trim() === '') throw badInput('code', 'EMPTY')
  if (text.length > longestCode) throw badInput('code', 'TOO_LONG')
}

/** A code counts once, and none of an earlier step after it: the row decides, however many servers ask it. Source: S-B1. */
async function spendTotpCode(
  { em, clock }: CodeContext,
  userId: string,
  { secret }: FactorSecrets,
  text: string,
): Promise<boolean> {
  const code = readTotpCode(text)
  const step = code === undefined ? undefined : stepOfTotpCode(secret, code, clock.now())
  if (step === undefined) return false
  const used: unknown[] = await em.execute(
    'update totp_factor set last_step = ? where user_id = ? and last_step < ? returning user_id',
    [step, userId, step],
  )
  return used.length > 0
}

/** Whoever did not use it shall hear of it, as shall who is running out of them. */
async function spendRecoveryCode(ctx: CodeContext, userId: string, mac: Buffer): Promise<boolean> {
  const { em, clock } = ctx
  const isUsed = await em.transactional(async (tx) => {
    const used: unknown[] = await tx.execute(
      'update recovery_code set used_at = ? where user_id = ? and mac = ? and used_at is null returning mac',
      [clock.now(), userId, mac],
    )
    if (used.length === 0) return false

    const [rest] = await tx.execute<{ left: number }[]>(
      'select count(*)::int as left from recovery_code where user_id = ? and used_at is null',
      [userId],
    )
    const user = await tx.findOneOrFail(User, { id: userId })
    const values = { ...deedOf(ctx), left: rest?.left ?? 0 }
    recordActivity(tx, ctx, { userId }, { action: 'RECOVERY_CODE_USED', subject: user.name })
    await tellPrimaryEmail(tx, ctx, user, { kind: 'RECOVERY_CODE_USED', values })
    return true
  })
  if (isUsed) ctx.deliveries.wake()
  return isUsed
}
