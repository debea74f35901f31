import { lengths } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import { recordActivity } from '../activity/record-activity.ts'
import { ProvenEmail } from '../contacts/email.entity.ts'
import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { LoginName, User } from '../users/user.entity.ts'
import type { SessionCredential, Viewer } from '../viewer.ts'
import { Password } from './password.entity.ts'
import type { PasswordHashing } from './password-hashing.ts'
import { announceRevocation } from './revocation.ts'
import { hashOfSecret, newSecretKey } from './secret-keys.ts'
import { Session, SessionKey } from './session.entity.ts'
import { clearAttempts, countAttempt } from './sign-in-throttle.ts'
import type { SignInInput } from './sign-in.types.ts'

type SignInContext = Pick<Context, 'em' | 'clock' | 'limits' | 'origin' | 'cookies' | 'viewer'>

/**
 * Signs a browser in by username or proven email, under a new session id; the session it held before ends.
 * An unknown name, a wrong password and a person without a password are one answer, after one amount of work.
 * @throws AppError CREDENTIALS_WRONG, RATE_LIMITED, BAD_USER_INPUT
 */
export async function signIn(
  ctx: SignInContext,
  hashing: PasswordHashing,
  input: SignInInput,
): Promise<Viewer> {
  const { em, clock, limits, origin, cookies } = ctx
  if (!cookies) throw new AppError('FORBIDDEN')
  if (input.password.length > lengths.password) throw badInput('password', 'TOO_LONG')
  const login = checkLogin(input.login)

  const user = await findByLogin(em, login)
  const deviceKey = cookies.deviceKey
  const knownDevice =
    user && deviceKey && (await isKnownDevice(em, user.id, deviceKey)) ? deviceKey : undefined
  const counters = await countAttempt(em, clock, limits.signIn, {
    login,
    address: origin.address,
    knownDevice,
  })

  const password = user && (await em.findOne(Password, { userId: user.id }))
  const fits = await hashing.verify(password?.hash, input.password)
  if (!user || !fits) throw new AppError('CREDENTIALS_WRONG')
  await clearAttempts(em, counters)

  const key = newSecretKey()
  const { viewer, expiresAt, newDeviceKey } = await openSession(ctx, user, key, knownDevice !== undefined)
  cookies.signIn({ key, expiresAt, remember: input.rememberMe ?? false }, newDeviceKey)
  return viewer
}

/** Ends the viewer's session; with nobody signed in there is nothing to end, and the cookie goes all the same. */
export async function signOut({
  em,
  clock,
  origin,
  viewer,
  cookies,
}: Pick<Context, 'em' | 'clock' | 'origin' | 'viewer' | 'cookies'>): Promise<void> {
  if (viewer) await em.transactional((tx) => endSession(tx, { clock, origin }, viewer))
  cookies?.signOut()
}

async function endSession(
  tx: EntityManager,
  ctx: Pick<Context, 'clock' | 'origin'>,
  viewer: Viewer,
): Promise<void> {
  if (viewer.credential.kind !== 'session') return
  const { sessionId } = viewer.credential
  const ended = await tx.nativeDelete(Session, { userId: viewer.userId, id: sessionId })
  if (ended === 0) return
  await announceRevocation(tx, sessionId)
  const user = await tx.findOneOrFail(User, { id: viewer.userId })
  recordActivity(tx, ctx, viewer, { action: 'SIGNED_OUT', subject: user.name })
}

/** What may be a login is compared in one form; what cannot be one is merely not found. */
function checkLogin(value: string): string {
  if (value.length > lengths.login) throw badInput('login', 'TOO_LONG')
  const login = value.normalize('NFC').trim().toLowerCase()
  if (login.length === 0) throw badInput('login', 'EMPTY')
  // Refused in a variable already; written into the document it comes as far as this, and no SQL can carry it.
  if (login.includes('\0')) throw badInput('login', 'FORMAT')
  return login
}

async function findByLogin(em: EntityManager, login: string): Promise<User | null> {
  const named = login.includes('@')
    ? await em.findOne(ProvenEmail, { addressKey: login })
    : await em.findOne(LoginName, { name: login })
  return named && em.findOne(User, { id: named.userId })
}

async function isKnownDevice(em: EntityManager, userId: string, deviceKey: string): Promise<boolean> {
  const rows: unknown[] = await em.execute('select 1 from known_device where hash = ? and user_id = ?', [
    hashOfSecret(deviceKey),
    userId,
  ])
  return rows.length > 0
}

async function openSession(
  { em, clock, limits, origin, viewer: earlier }: SignInContext,
  user: User,
  key: string,
  isKnownDevice: boolean,
): Promise<{ viewer: Viewer; expiresAt: Date; newDeviceKey: string | undefined }> {
  const now = clock.now()
  const seconds = user.superAdmin
    ? limits.session.absoluteSecondsSuperAdmin
    : limits.session.absoluteSeconds
  const expiresAt = new Date(now.getTime() + seconds * 1000)
  const newDeviceKey = isKnownDevice ? undefined : newSecretKey()

  const viewer = await em.transactional(async (tx) => {
    if (earlier) await endSession(tx, { clock, origin }, earlier)
    const session = tx.create(Session, {
      userId: user.id,
      device: origin.device,
      address: origin.address,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
    })
    tx.persist(session)
    await tx.flush()
    tx.persist(tx.create(SessionKey, { hash: hashOfSecret(key), userId: user.id, sessionId: session.id }))
    if (newDeviceKey) {
      await tx.execute('insert into known_device (hash, user_id, created_at) values (?, ?, ?)', [
        hashOfSecret(newDeviceKey),
        user.id,
        now,
      ])
    }
    const credential: SessionCredential = { kind: 'session', sessionId: session.id }
    recordActivity(
      tx,
      { clock, origin },
      { userId: user.id, credential },
      { action: 'SIGNED_IN', subject: user.name },
    )
    return {
      userId: user.id,
      superAdmin: user.superAdmin,
      language: user.language,
      rowsPerPage: user.rowsPerPage,
      credential,
    }
  })
  return { viewer, expiresAt, newDeviceKey }
}
