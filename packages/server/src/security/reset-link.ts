import type { EntityManager } from '@mikro-orm/postgresql'

import { recordOwnActivity } from '../activity/record-activity.ts'
import { Email, ProvenEmail } from '../contacts/email.entity.ts'
import { lockOwner, type Mailbox, tellOwner } from '../contacts/owner.ts'
import type { Context } from '../context.ts'
import type { User } from '../users/user.entity.ts'
import { countWithinHour } from './reset-request.ts'
import { hashOfSecret, newSecretKey } from './secret-keys.ts'
import { closedWithoutSso } from './sso/sso-accounts.ts'
import { findWaysBack, mailboxOf, mayAskForLink } from './way-back.ts'

type Scene = Pick<Context, 'clock' | 'limits' | 'origin' | 'deliveries'>

/**
 * Mails a link for a new password to a proven email, and voids the one before. Nobody hears anything whose address it is
 * not, or not any more, who is disabled, or who could not sign in with a password: their organisation signs them in.
 * Somebody without a password gets one so: the mailbox is proven, and their organisation may have let them go. Source:
 * S-C2, S-C5.
 */
export async function mailResetLink(tx: EntityManager, ctx: Scene, addressKey: string): Promise<void> {
  const proven = await tx.findOne(ProvenEmail, { addressKey })
  if (!proven) return
  const owner = await lockOwner(tx, proven.userId)
  const email = await tx.findOne(Email, { userId: owner.id, id: proven.emailId })
  if (!email || !(await mayReset(tx, owner))) return
  const now = ctx.clock.now()
  if (!(await mayAskForLink(tx, email, now))) return
  const { perAddressHour } = ctx.limits.passwordReset
  // Over all their emails: each has a count of its own, and the person is one.
  if (await countWithinHour(tx, `person:${owner.id}`, perAddressHour, now))
    await mailLink(tx, ctx, owner, email)
}

/**
 * The same for who has just locked everything, and has no other way back in. It is not counted: strangers who ask for
 * links all day could keep this one away.
 */
export async function mailWayBack(tx: EntityManager, ctx: Scene, owner: User): Promise<void> {
  if (!(await mayReset(tx, owner))) return
  const [first] = await findWaysBack(tx, owner.id, ctx.clock.now())
  if (first) await mailLink(tx, ctx, owner, mailboxOf(first))
}

async function mailLink(tx: EntityManager, ctx: Scene, owner: User, mailbox: Mailbox): Promise<void> {
  const { linkSeconds } = ctx.limits.passwordReset
  const now = ctx.clock.now()
  const token = newSecretKey()
  await tx.execute('delete from password_reset where user_id = ?', [owner.id])
  await tx.execute(
    `insert into password_reset (hash, user_id, proven_emails, created_at, expires_at)
      values (?, ?, ${provenEmailsOf('?')}, ?, ?)`,
    [hashOfSecret(token), owner.id, owner.id, now, new Date(now.getTime() + linkSeconds * 1000)],
  )
  recordOwnActivity(tx, ctx, {
    action: 'PASSWORD_RESET_REQUESTED',
    userId: owner.id,
    subject: owner.name,
  })
  const values = { minutes: Math.round(linkSeconds / 60) }
  await tellOwner(tx, ctx, owner, { kind: 'PASSWORD_RESET', values, secrets: { token } }, [mailbox])
}

/** Whether a link may set somebody's password. */
export async function mayReset(tx: EntityManager, user: User): Promise<boolean> {
  return user.disabledAt === null && (await closedWithoutSso(tx, user)).length === 0
}

/**
 * Which proven emails a person has, and which is primary, as SQL: a link is void once one was proven, removed or made
 * primary, whoever reads the mailbox that it went to. An address that is removed and added again is another.
 */
export function provenEmailsOf(userId: string): string {
  return `(select coalesce(string_agg(e.id || case when e."primary" then '!' else '' end, ' ' order by e.id), '')
    from email e where e.user_id = ${userId} and e.verified_at is not null)`
}
