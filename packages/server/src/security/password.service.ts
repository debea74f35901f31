import { lengths } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import { recordActivity } from '../activity/record-activity.ts'
import { deedOf, lockOwner } from '../contacts/owner.ts'
import { tellPrimaryEmail } from '../contacts/tell-primary-email.ts'
import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { isKnownDevice, secondFactorsOf } from './complete-sign-in.ts'
import { Password } from './password.entity.ts'
import { type Chooser, wordsOf } from './password-policy.ts'
import type { ChangePasswordInput } from './password.types.ts'
import { revokeAfter } from './revocations.ts'
import { clearAttempts, countAttempt } from './sign-in-throttle.ts'

type Change = Pick<
  Context,
  | 'em'
  | 'clock'
  | 'limits'
  | 'origin'
  | 'cookies'
  | 'passwords'
  | 'passwordPolicy'
  | 'deliveries'
  | 'revokers'
>

/**
 * Puts a new password in the place of the current one, and ends every session, this one too.
 * @throws AppError CREDENTIALS_WRONG with `currentPassword`, BAD_USER_INPUT on `newPassword`, RATE_LIMITED
 */
export async function changePassword(
  ctx: Change,
  viewer: Viewer,
  { currentPassword, newPassword }: ChangePasswordInput,
): Promise<void> {
  const { em, clock, passwords, passwordPolicy, cookies } = ctx
  if (currentPassword.length > lengths.password) throw badInput('currentPassword', 'TOO_LONG')
  const user = await em.findOneOrFail(User, { id: viewer.userId })
  const counters = await countGuess(ctx, user)
  const current = await em.findOne(Password, { userId: user.id })
  if (!(await passwords.verify(current?.hash, currentPassword)) || !current) throw wrongPassword()
  await clearAttempts(em, counters)

  await passwordPolicy.check(newPassword, 'newPassword', await chooserOf(em, user, current))
  const hash = await passwords.hash(newPassword)
  await em.transactional(async (tx) => {
    const owner = await lockOwner(tx, user.id)
    const changed = await tx.nativeUpdate(
      Password,
      { userId: user.id, hash: current.hash },
      { hash, changedAt: clock.now() },
    )
    // Somebody else was first, and theirs is the current one now.
    if (changed === 0) throw wrongPassword()
    await revokeAfter(tx, ctx.revokers, 'PASSWORD_CHANGED', { userId: user.id })
    recordActivity(tx, ctx, viewer, { action: 'PASSWORD_CHANGED', subject: owner.name })
    await tellPrimaryEmail(tx, ctx, owner, { kind: 'PASSWORD_CHANGED', values: deedOf(ctx) })
  })
  ctx.deliveries.wake()
  cookies?.signOut()
}

/** Who chooses a password, by what is known of them. */
export async function chooserOf(
  em: EntityManager,
  user: User,
  current: Pick<Password, 'hash'> | null,
): Promise<Chooser> {
  const secondFactors = await secondFactorsOf(em, user)
  return {
    words: await wordsOf(em, user),
    hasSecondFactor: secondFactors.length > 0,
    currentHash: current?.hash,
  }
}

/** Who sits at an open browser guesses no faster than who signs in. */
async function countGuess({ em, clock, limits, origin, cookies }: Change, user: User): Promise<string[]> {
  const deviceKey = cookies?.deviceKey
  return countAttempt(em, clock, limits.signIn, {
    login: user.username.toLowerCase(),
    address: origin.address,
    userId: user.id,
    knownDevice: (await isKnownDevice(em, user.id, deviceKey)) ? deviceKey : undefined,
  })
}

function wrongPassword(): AppError {
  return new AppError('CREDENTIALS_WRONG', { field: 'currentPassword' })
}
