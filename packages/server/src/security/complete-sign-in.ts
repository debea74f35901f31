import type { EntityManager } from '@mikro-orm/postgresql'

import { recordActivity } from '../activity/record-activity.ts'
import { deedOf } from '../contacts/owner.ts'
import { tellPrimaryEmail } from '../contacts/tell-primary-email.ts'
import type { Context, SessionCookies } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import type { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { endOwnSession } from './end-session.ts'
import { findSession } from './find-session.ts'
import { waitForMore } from './pending-sign-in.ts'
import { hashOfSecret, newSecretKey } from './secret-keys.ts'
import { Session, SessionKey, SignInMethod } from './session.entity.ts'
import { SecondFactor, SignInStatus } from './sign-in.types.ts'
import { closedAmong, membershipsStatement, type SsoMembership, ssoUrlFor } from './sso/sso-accounts.ts'

export type SignInContext = Pick<
  Context,
  'em' | 'clock' | 'limits' | 'origin' | 'cookies' | 'viewer' | 'statements' | 'deliveries' | 'places'
>

/** What a way in has found out about a person. */
export interface Proof {
  user: User
  method: SignInMethod
  /** Whether no second factor is asked for: a passkey is two in one, and an identity provider vouches for its own. */
  isWhole: boolean
  /** Whether the cookie survives the browser. */
  remember: boolean
  /** The account whose identity provider vouched. */
  through?: {
    accountId: string
    connectionId: string
    nameId: string | null
    sessionIndex: string | null
  }
}

/** How far a sign-in has come. */
export interface SignInOutcome {
  status: SignInStatus
  /** Null until the person is signed in. */
  viewer: Viewer | null
  /** What the next step may be, when a second factor is asked for. */
  secondFactors: SecondFactor[]
  /** Where the next step is, when single sign-on is asked for. */
  ssoUrl: string | null
}

/**
 * The one place where sessions begin: every way in ends here, after it has found out who it is. What is missing is
 * remembered under a cookie of its own, under which nothing else is to be had.
 * @throws AppError CREDENTIALS_WRONG for a disabled person, RECOVERY_REQUIRED, FORBIDDEN on a socket
 */
export async function completeSignIn(ctx: SignInContext, proof: Proof): Promise<SignInOutcome> {
  const { em, cookies } = ctx
  const { user, method, isWhole } = proof
  if (!cookies) throw new AppError('FORBIDDEN')
  if (user.disabledAt) throw new AppError('CREDENTIALS_WRONG')
  const standing = await readStanding(em, user, cookies.deviceKey)
  const { isRecovering, secondFactors, memberships } = standing
  if (method !== SignInMethod.SSO && isRecovering) throw new AppError('RECOVERY_REQUIRED')

  if (!isWhole && secondFactors.length > 0) {
    await waitForMore(ctx, cookies, proof, 'SECOND_FACTOR')
    return { status: SignInStatus.SECOND_FACTOR_REQUIRED, viewer: null, secondFactors, ssoUrl: null }
  }
  const closed = method === SignInMethod.SSO ? [] : closedAmong(memberships)
  if (closed.length > 0) {
    await waitForMore(ctx, cookies, proof, 'SSO')
    const ssoUrl = ssoUrlFor(closed)
    return { status: SignInStatus.SSO_REQUIRED, viewer: null, secondFactors: [], ssoUrl }
  }
  const viewer = await openSession(ctx, cookies, proof, standing)
  return { status: SignInStatus.SIGNED_IN, viewer, secondFactors: [], ssoUrl: null }
}

/** What is so of a person who is about to be signed in. */
interface Standing {
  isRecovering: boolean
  /** What they may show beside the password; empty when nothing is asked for. */
  secondFactors: SecondFactor[]
  memberships: SsoMembership[]
  /** Whether this very person has signed in from the browser before. */
  isKnownDevice: boolean
}

/** In one statement, as a crowd may be signing in at once. */
async function readStanding(
  em: EntityManager,
  user: User,
  deviceKey: string | undefined,
): Promise<Standing> {
  const { id } = user
  const { text, values } = membershipsStatement(user)
  const [row] = await em.execute<(FactorsRow & Omit<Standing, 'secondFactors'>)[]>(
    `select exists (select 1 from recovery where user_id = ? and reset_at is null) as "isRecovering",
      exists (select 1 from known_device where hash = ? and user_id = ?) as "isKnownDevice",
      coalesce((select json_agg(m) from (${text}) m), '[]') as memberships, ${factorColumns}`,
    [id, hashOfSecret(deviceKey ?? ''), id, ...values, id, id, id],
  )
  if (!row) throw new Error('a statement without from has a row')
  const { isRecovering, memberships, isKnownDevice } = row
  return { isRecovering, memberships, isKnownDevice, secondFactors: factorsIn(row) }
}

/** What a person may show beside the password; empty when nothing is asked for. */
export async function secondFactorsOf(em: EntityManager, { id }: User): Promise<SecondFactor[]> {
  const [row] = await em.execute<FactorsRow[]>(`select ${factorColumns}`, [id, id, id])
  return row ? factorsIn(row) : []
}

interface FactorsRow {
  has_code: boolean
  has_recovery_code: boolean
  has_passkey: boolean
}

const factorColumns = `exists (select 1 from totp_factor where user_id = ?) as has_code,
  exists (select 1 from recovery_code where user_id = ? and used_at is null) as has_recovery_code,
  exists (select 1 from passkey where user_id = ?) as has_passkey`

function factorsIn(row: FactorsRow): SecondFactor[] {
  if (!row.has_code) return []
  return [
    SecondFactor.TOTP,
    ...(row.has_passkey ? [SecondFactor.PASSKEY] : []),
    ...(row.has_recovery_code ? [SecondFactor.RECOVERY_CODE] : []),
  ]
}

/** Whether a browser is one that this very person has signed in from before. */
export async function isKnownDevice(
  em: EntityManager,
  userId: string,
  deviceKey: string | undefined,
): Promise<boolean> {
  if (deviceKey === undefined) return false
  const rows: unknown[] = await em.execute('select 1 from known_device where hash = ? and user_id = ?', [
    hashOfSecret(deviceKey),
    userId,
  ])
  return rows.length > 0
}

async function openSession(
  ctx: SignInContext,
  cookies: SessionCookies,
  { user, method, remember, through }: Proof,
  { isKnownDevice: isKnown }: Standing,
): Promise<Viewer> {
  const { em, clock, limits, origin, viewer: earlier } = ctx
  const now = clock.now()
  const seconds = user.superAdmin
    ? limits.session.absoluteSecondsSuperAdmin
    : limits.session.absoluteSeconds
  const expiresAt = new Date(now.getTime() + seconds * 1000)
  const key = newSecretKey()
  const newDeviceKey = isKnown ? undefined : newSecretKey()

  await em.transactional(async (tx) => {
    if (earlier) await endOwnSession(tx, ctx, earlier)
    const { pendingKey } = cookies
    if (pendingKey !== undefined)
      await tx.execute('delete from pending_sign_in where hash = ?', [hashOfSecret(pendingKey)])
    const session = tx.create(Session, {
      userId: user.id,
      device: origin.device,
      address: origin.address,
      place: ctx.places.placeOf(origin.address, user.language),
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      method,
      provenAt: now,
      remembered: remember,
    })
    tx.persist(session)
    await tx.flush()
    tx.persist(tx.create(SessionKey, { hash: hashOfSecret(key), userId: user.id, sessionId: session.id }))
    if (through) {
      await tx.execute(
        `insert into session_account (user_id, session_id, account_id, connection_id, name_id, session_index, proven_at)
          values (?, ?, ?, ?, ?, ?, ?)`,
        [
          user.id,
          session.id,
          through.accountId,
          through.connectionId,
          through.nameId,
          through.sessionIndex,
          now,
        ],
      )
    }
    const actor = {
      userId: user.id,
      credential: { kind: 'session', sessionId: session.id, provenAt: now, closedAccounts: null },
    } as const
    recordActivity(tx, ctx, actor, { action: 'SIGNED_IN', subject: user.name })
    if (newDeviceKey) {
      await tx.execute('insert into known_device (hash, user_id, created_at) values (?, ?, ?)', [
        hashOfSecret(newDeviceKey),
        user.id,
        now,
      ])
      await tellPrimaryEmail(tx, ctx, user, { kind: 'SIGNED_IN', values: { ...deedOf(ctx), way: method } })
    }
  })
  ctx.deliveries.wake()
  cookies.signIn({ key, expiresAt, remember }, newDeviceKey)
  const viewer = await findSession(ctx, key, () => ctx)
  // Only what ends everything of the person's at this very moment comes between.
  if (!viewer) throw new AppError('UNAUTHENTICATED')
  return viewer
}
