import type { EntityManager } from '@mikro-orm/postgresql'

import type { Account } from '../../accounts/account.entity.ts'
import { AccountUser } from '../../accounts/account-user.entity.ts'
import { recordActivity, recordOwnActivity } from '../../activity/record-activity.ts'
import { checkEmailAddress, type EmailAddress } from '../../contacts/email-address.ts'
import { ProvenEmail } from '../../contacts/email.entity.ts'
import { deedOf } from '../../contacts/owner.ts'
import { tellPrimaryEmail } from '../../contacts/tell-primary-email.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../errors/app-error.ts'
import { User } from '../../users/user.entity.ts'
import type { Viewer } from '../../viewer.ts'
import { findPendingSignIn } from '../pending-sign-in.ts'
import { makePerson } from './just-in-time.ts'
import type { SsoConnection } from './sso-connection.entity.ts'
import type { VouchedIdentity } from './sso-protocol.ts'

type Settling = Pick<Context, 'em' | 'clock' | 'origin' | 'deliveries' | 'cookies' | 'viewer'>

interface Arrival {
  account: Account
  connection: SsoConnection
  identity: VouchedIdentity
  /** Whether the provider began it: then nothing in the browser says that its person meant this. */
  unsolicited: boolean
}

/** Whoever proved in this browser, in another way, who they are. */
interface SignedInStep {
  userId: string
  /** Null while the sign-in waits for single sign-on. */
  viewer: Viewer | null
}

/**
 * Who of us the provider vouches for. An identity is known by account, issuer and subject, never by its email, which is
 * whatever the provider says. One that is not known becomes a person's when that person has signed in otherwise in the
 * same browser; or a new person's. Source: S-E3.
 * @throws AppError SSO_LINK_REQUIRED for a member who has not; SSO_OTHER_PERSON; SSO_NO_ACCESS for everybody else,
 *   among them members who have left: by signing in nobody undoes what an administrator did
 */
export async function settleIdentity(ctx: Settling, arrival: Arrival): Promise<Settled> {
  const step = arrival.unsolicited ? undefined : await signedInStep(ctx)
  const settled = await ctx.em.transactional(async (tx) => {
    await waitInLine(tx, arrival)
    const known = await findIdentity(tx, arrival)
    if (known) return useIdentity(tx, ctx, arrival, known)

    const email = vouchedEmail(arrival.identity)
    const proven = email && (await tx.findOne(ProvenEmail, { addressKey: email.addressKey }))
    if (step && (await isMember(tx, arrival.account, step.userId))) {
      return linkIdentity(tx, ctx, arrival, step, proven?.userId)
    }
    if (proven && (await isMember(tx, arrival.account, proven.userId))) return 'SSO_LINK_REQUIRED'
    if (proven) {
      await tellStranger(tx, ctx, arrival.account, proven.userId)
      return 'SSO_NO_ACCESS'
    }
    // Who says an address without vouching for it may say anybody's.
    const isVouched = email !== undefined || arrival.identity.email === null
    if (!arrival.connection.createJustInTime || !isVouched) return 'SSO_NO_ACCESS'
    const address = email?.address ?? null
    const user = await makePerson(tx, ctx, arrival.account, { ...arrival.identity, email: address })
    await insertIdentity(tx, ctx, arrival, user.id)
    return { user, firstEmail: address }
  })
  ctx.deliveries.wake()
  // Thrown once the mail to whom it concerns is on its way.
  if (typeof settled === 'string') throw new AppError(settled)
  return settled
}

interface Settled {
  user: User
  /** What the provider says of somebody who was made just now, to be proven by them. */
  firstEmail: string | null
}

type Refusal = 'SSO_LINK_REQUIRED' | 'SSO_OTHER_PERSON' | 'SSO_NO_ACCESS'

/** Two tabs in which one identity arrives for the first time make one person. */
async function waitInLine(tx: EntityManager, { account, identity }: Arrival): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    JSON.stringify(['sso_identity', account.id, identity.issuer, identity.subject]),
  ])
}

async function signedInStep(ctx: Settling): Promise<SignedInStep | undefined> {
  const pending = await findPendingSignIn(ctx, 'SSO')
  if (pending) return { userId: pending.userId, viewer: null }
  return ctx.viewer ? { userId: ctx.viewer.userId, viewer: ctx.viewer } : undefined
}

/** Undefined unless the provider says that it proved the address, and it is one. */
function vouchedEmail({ email, emailVerified }: VouchedIdentity): EmailAddress | undefined {
  if (email === null || !emailVerified) return undefined
  try {
    return checkEmailAddress(email, 'email')
  } catch {
    return undefined
  }
}

/** Whose it is, if anybody's. */
export async function findIdentity(
  tx: EntityManager,
  {
    account,
    identity,
  }: { account: Pick<Account, 'id'>; identity: Pick<VouchedIdentity, 'issuer' | 'subject'> },
): Promise<string | undefined> {
  const [row] = await tx.execute<{ user_id: string }[]>(
    'select user_id from sso_identity where account_id = ? and issuer = ? and subject = ?',
    [account.id, identity.issuer, identity.subject],
  )
  return row?.user_id
}

async function useIdentity(
  tx: EntityManager,
  { clock }: Settling,
  { account, identity }: Arrival,
  userId: string,
): Promise<Settled | Refusal> {
  const user = await tx.findOneOrFail(User, { id: userId })
  if (user.disabledAt || !(await isMember(tx, account, userId))) return 'SSO_NO_ACCESS'
  await tx.execute(
    'update sso_identity set last_used_at = ? where account_id = ? and issuer = ? and subject = ?',
    [clock.now(), account.id, identity.issuer, identity.subject],
  )
  return { user, firstEmail: null }
}

/**
 * Two people may share a browser: where the provider's idea of who is there differs from ours, nothing is linked. A
 * person has one identity of a provider in an account. Another takes its place only if the provider proved an address
 * that is that very person's: people are made anew at providers.
 */
async function linkIdentity(
  tx: EntityManager,
  ctx: Settling,
  arrival: Arrival,
  { userId, viewer }: SignedInStep,
  holderOfEmail: string | undefined,
): Promise<Settled | Refusal> {
  const { account, identity } = arrival
  if (holderOfEmail !== undefined && holderOfEmail !== userId) return 'SSO_OTHER_PERSON'
  const user = await tx.findOneOrFail(User, { id: userId })
  if (user.disabledAt) return 'SSO_NO_ACCESS'

  const mine: unknown[] = await tx.execute(
    'select 1 from sso_identity where user_id = ? and account_id = ? and issuer = ?',
    [userId, account.id, identity.issuer],
  )
  if (mine.length > 0) {
    if (holderOfEmail !== userId) return 'SSO_OTHER_PERSON'
    await tx.execute('delete from sso_identity where user_id = ? and account_id = ? and issuer = ?', [
      userId,
      account.id,
      identity.issuer,
    ])
  }
  await insertIdentity(tx, ctx, arrival, userId)
  const happening = { action: 'SSO_LINKED', subject: account.name, accountId: account.id } as const
  if (viewer) recordActivity(tx, ctx, viewer, happening)
  else recordOwnActivity(tx, ctx, { ...happening, userId })
  const values = { ...deedOf(ctx), accountName: account.name }
  await tellPrimaryEmail(tx, ctx, user, { kind: 'SSO_LINKED', values })
  return { user, firstEmail: null }
}

async function insertIdentity(
  tx: EntityManager,
  { clock }: Settling,
  { account, identity }: Arrival,
  userId: string,
): Promise<void> {
  const now = clock.now()
  await tx.execute(
    `insert into sso_identity (account_id, issuer, subject, user_id, linked_at, last_used_at)
      values (?, ?, ?, ?, ?, ?)`,
    [account.id, identity.issuer, identity.subject, userId, now, now],
  )
}

async function isMember(tx: EntityManager, { id: accountId }: Account, userId: string): Promise<boolean> {
  return (await tx.count(AccountUser, { accountId, userId })) > 0
}

/** At most once a day, or a provider could fill a stranger's mailbox. */
async function tellStranger(
  tx: EntityManager,
  ctx: Settling,
  account: Account,
  userId: string,
): Promise<void> {
  const user = await tx.findOneOrFail(User, { id: userId })
  const dayAgo = new Date(ctx.clock.now().getTime() - 86_400_000)
  const told: unknown[] = await tx.execute(
    `select 1 from delivery where user_id = ? and message = 'SSO_STRANGER' and created_at > ? limit 1`,
    [userId, dayAgo],
  )
  if (told.length > 0) return
  const values = { ...deedOf(ctx), accountName: account.name }
  await tellPrimaryEmail(tx, ctx, user, { kind: 'SSO_STRANGER', values })
}
