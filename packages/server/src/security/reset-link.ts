import type { EntityManager } from '@mikro-orm/postgresql'

import { recordOwnActivity } from '../activity/record-activity.ts'
import { Email, ProvenEmail } from '../contacts/email.entity.ts'
import { lockOwner, tellOwner } from '../contacts/owner.ts'
import type { Context } from '../context.ts'
import type { User } from '../users/user.entity.ts'
import { countWithinHour } from './reset-request.ts'
import { hashOfSecret, newSecretKey } from './secret-keys.ts'
import { closedWithoutSso } from './sso/sso-accounts.ts'

type Scene = Pick<Context, 'clock' | 'limits' | 'origin' | 'deliveries'>

/**
 * Mails a link for a new password to a proven email, and voids the one before. Nobody hears anything whose address it is
 * not, who is disabled, or who could not sign in with a password: their organisation signs them in. Somebody without
 * a password gets one so: the mailbox is proven, and their organisation may have let them go. Source: S-C2, S-C5.
 */
export async function mailResetLink(tx: EntityManager, ctx: Scene, addressKey: string): Promise<void> {
  const mailbox = await findMailbox(tx, addressKey)
  if (!mailbox) return
  const { perAddressHour } = ctx.limits.passwordReset
  const key = `person:${mailbox.owner.id}`
  // Over all their emails: each has a count of its own, and the person is one.
  if (await countWithinHour(tx, key, perAddressHour, ctx.clock.now())) await mailLink(tx, ctx, mailbox)
}

/**
 * The same for who has just locked everything, and has no other way back in. It is not counted: strangers who ask for
 * links all day could keep this one away.
 */
export async function mailWayBack(tx: EntityManager, ctx: Scene, addressKey: string): Promise<void> {
  const mailbox = await findMailbox(tx, addressKey)
  if (mailbox) await mailLink(tx, ctx, mailbox)
}

interface Mailbox {
  owner: User
  email: Email
}

async function findMailbox(tx: EntityManager, addressKey: string): Promise<Mailbox | undefined> {
  const proven = await tx.findOne(ProvenEmail, { addressKey })
  if (!proven) return undefined
  const owner = await lockOwner(tx, proven.userId)
  const email = await tx.findOne(Email, { userId: owner.id, id: proven.emailId })
  return email && (await mayReset(tx, owner)) ? { owner, email } : undefined
}

async function mailLink(tx: EntityManager, ctx: Scene, { owner, email }: Mailbox): Promise<void> {
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
  await tellOwner(tx, ctx, owner, { kind: 'PASSWORD_RESET', values, secrets: { token } }, [email])
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
