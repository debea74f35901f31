import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { present } from '../lib/text-input.ts'
import type { Viewer } from '../viewer.ts'
import { checkOwnPassword } from './own-password.ts'
import { acceptPasskey } from './passkey-proof.ts'
import { renewProof } from './renew-session.ts'
import { SignInMethod } from './session.entity.ts'
import { acceptCode } from './second-factor-code.ts'
import type { ConfirmStepUpInput } from './step-up.types.ts'

type StepUpContext = Pick<
  Context,
  | 'em'
  | 'clock'
  | 'limits'
  | 'origin'
  | 'sealing'
  | 'deliveries'
  | 'config'
  | 'cookies'
  | 'passwords'
  | 'statements'
>

/**
 * Takes a fresh proof of who it is, by what signing in would ask for last. It counts as a try to sign in does.
 * @returns the viewer with the new proof, under a new cookie
 * @throws AppError CREDENTIALS_WRONG, CODE_WRONG, CODE_EXHAUSTED, PASSKEY_REFUSED, TWO_FACTOR_OFF, RATE_LIMITED,
 *   UNAUTHENTICATED; BAD_USER_INPUT, with EMPTY for the code when only the password is given and that is not enough
 */
export async function confirmStepUp(
  ctx: StepUpContext,
  viewer: Viewer,
  { password, code, passkey }: ConfirmStepUpInput,
): Promise<Viewer> {
  const { userId } = viewer
  if (!ctx.cookies) throw new AppError('FORBIDDEN')
  const needsCode = await isTwoFactorOn(ctx, userId)
  const given = [password, code, passkey].filter(present).length
  if (given === 0) throw badInput(needsCode ? 'code' : 'password', 'EMPTY')
  if (given > 1) throw badInput('code', 'FORMAT')
  if (present(password)) {
    if (needsCode) throw badInput('code', 'EMPTY')
    await checkOwnPassword(ctx, userId, password)
  } else if (present(code)) {
    await acceptCode(ctx, userId, code)
  } else {
    await acceptPasskey(ctx, userId, passkey)
  }
  return renewProof(ctx, viewer, present(passkey) ? SignInMethod.PASSKEY : SignInMethod.PASSWORD)
}

/** Until when a proof counts. */
export function provenUntil({ limits }: Pick<Context, 'limits'>, provenAt: Date): Date {
  return new Date(provenAt.getTime() + limits.session.provenSeconds * 1000)
}

async function isTwoFactorOn({ em }: StepUpContext, userId: string): Promise<boolean> {
  const rows: unknown[] = await em.execute('select 1 from totp_factor where user_id = ?', [userId])
  return rows.length > 0
}
