import { recordOwnActivity } from '../activity/record-activity.ts'
import { deedOf, lockOwner } from '../contacts/owner.ts'
import { tellPrimaryEmail } from '../contacts/tell-primary-email.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { User } from '../users/user.entity.ts'
import { chooserOf } from './password.service.ts'
import type { ResetPasswordInput } from './password.types.ts'
import { mayReset, provenEmailsOf } from './reset-link.ts'
import { revokeAfter } from './revocations.ts'
import { hashOfSecret } from './secret-keys.ts'
import { clearAttempts, countStranger } from './sign-in-throttle.ts'

type Change = Pick<
  Context,
  | 'em'
  | 'clock'
  | 'limits'
  | 'origin'
  | 'cookies'
  | 'viewer'
  | 'passwords'
  | 'passwordPolicy'
  | 'deliveries'
  | 'revokers'
>

/**
 * Sets a new password by the link of a mail, which works once, and ends every session. It opens none: whoever reads the
 * mailbox still lacks the second factor. A password that is refused leaves the link as it is. Source: S-C2, S-C5.
 * @returns whose password it was
 * @throws AppError RESET_LINK_INVALID, BAD_USER_INPUT on `newPassword`, RATE_LIMITED
 */
export async function resetPassword(
  ctx: Change,
  { token, newPassword }: ResetPasswordInput,
): Promise<{ userId: string }> {
  const { em, clock, limits, origin, passwords, passwordPolicy, viewer } = ctx
  const counters = await countStranger(em, clock, limits.signIn, origin.address)
  const link = [hashOfSecret(token), clock.now()]
  // In one statement: where another request uses the link at this moment, its new password is not the current one here.
  const [found] = await em.execute<{ user_id: string; hash: string | null }[]>(
    `select user_id, (select hash from password where user_id = password_reset.user_id) as hash from ${validLink}`,
    link,
  )
  const user = found && (await em.findOne(User, { id: found.user_id }))
  if (!user || !(await mayReset(em, user))) throw new AppError('RESET_LINK_INVALID')
  await clearAttempts(em, counters)

  const current = found.hash === null ? null : { hash: found.hash }
  await passwordPolicy.check(newPassword, 'newPassword', await chooserOf(em, user, current))
  const hash = await passwords.hash(newPassword)
  await em.transactional(async (tx) => {
    const owner = await lockOwner(tx, user.id)
    const used: unknown[] = await tx.execute(`delete from ${validLink} returning user_id`, link)
    if (used.length === 0) throw new AppError('RESET_LINK_INVALID')
    const now = clock.now()
    await tx.execute(
      `insert into password (user_id, hash, changed_at) values (?, ?, ?)
        on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at`,
      [owner.id, hash, now],
    )
    await tx.execute('update recovery set reset_at = ? where user_id = ? and reset_at is null', [
      now,
      owner.id,
    ])
    await revokeAfter(tx, ctx.revokers, 'PASSWORD_RESET', { userId: owner.id })
    recordOwnActivity(tx, ctx, { action: 'PASSWORD_RESET', userId: owner.id, subject: owner.name })
    await tellPrimaryEmail(tx, ctx, owner, { kind: 'PASSWORD_CHANGED', values: deedOf(ctx) })
  })
  ctx.deliveries.wake()
  if (viewer?.userId === user.id) ctx.cookies?.signOut()
  return { userId: user.id }
}

const validLink = `password_reset
  where hash = ? and expires_at > ? and proven_emails = ${provenEmailsOf('password_reset.user_id')}`
