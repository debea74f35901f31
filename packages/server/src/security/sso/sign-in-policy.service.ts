import { signInNamePattern } from '@lanyard/contract/limits'

import { changesBetween, recordActivity } from '../../activity/record-activity.ts'
import type { Context } from '../../context.ts'
import { AppError, badInput } from '../../errors/app-error.ts'
import type { Viewer } from '../../viewer.ts'
import { closeSocketsOfMembers, lockManaged } from './sso-connection.service.ts'
import type { SetSignInPolicyInput } from './sso-connection.types.ts'

/** Beside `/sso/<name>` stand routes of ours. */
const ownNames = new Set(['start', 'finish', 'oidc', 'saml'])

/**
 * Sets whether members need a second factor, and under which name they begin to sign in.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, FORBIDDEN; SIGN_IN_NAME_TAKEN (by constraint)
 */
export async function setSignInPolicy(
  ctx: Pick<Context, 'em' | 'clock' | 'origin' | 'revokers'>,
  viewer: Viewer,
  input: SetSignInPolicyInput,
): Promise<void> {
  const signInName = input.signInName === undefined ? undefined : checkSignInName(input.signInName)
  await ctx.em.transactional(async (tx) => {
    const account = await lockManaged(tx, viewer, input.accountId)
    const before = { signInName: account.signInName, requireTwoFactor: account.requireTwoFactor }
    if (signInName !== undefined) account.signInName = signInName
    account.requireTwoFactor = input.requireTwoFactor ?? account.requireTwoFactor
    const changes = changesBetween(before, account, ['signInName', 'requireTwoFactor'])
    if (changes.length === 0) return

    await tx.flush()
    if (account.requireTwoFactor && !before.requireTwoFactor) {
      await closeSocketsOfMembers(tx, ctx, account.id, 'TWO_FACTOR_REQUIRED')
    }
    recordActivity(tx, ctx, viewer, {
      action: 'SIGN_IN_POLICY_SET',
      subject: account.name,
      accountId: account.id,
      changes,
    })
  })
}

function checkSignInName(typed: string | null): string | null {
  if (typed === null) return null
  const name = typed.trim().toLowerCase()
  if (name === '') throw badInput('signInName', 'EMPTY')
  if (!signInNamePattern.test(name)) throw badInput('signInName', 'FORMAT')
  if (ownNames.has(name)) throw new AppError('SIGN_IN_NAME_TAKEN', { field: 'signInName' })
  return name
}
