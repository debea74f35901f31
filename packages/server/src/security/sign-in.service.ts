import { lengths } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import type { Context, SessionCookies } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { User } from '../users/user.entity.ts'
import { completeSignIn, type SignInContext, type SignInOutcome } from './complete-sign-in.ts'
import { endOwnSession } from './end-session.ts'
import { Password } from './password.entity.ts'
import type { PasswordHashing } from './password-hashing.ts'
import { hashOfSecret } from './secret-keys.ts'
import { SignInMethod } from './session.entity.ts'
import { clearAttempts, countAttempt } from './sign-in-throttle.ts'
import type { SignInInput } from './sign-in.types.ts'

/**
 * The way in by username or proven email, and password. The session that the browser held before ends once the new one
 * begins. An unknown name, a wrong password and a person without a password are one answer, after one amount of work.
 * @throws AppError CREDENTIALS_WRONG, RECOVERY_REQUIRED, RATE_LIMITED, BAD_USER_INPUT
 */
export async function signIn(
  ctx: SignInContext,
  hashing: PasswordHashing,
  input: SignInInput,
): Promise<SignInOutcome> {
  const { cookies } = ctx
  if (!cookies) throw new AppError('FORBIDDEN')
  if (input.password.length > lengths.password) throw badInput('password', 'TOO_LONG')
  const login = checkLogin(input.login)
  return hashing.inTurn(() => tryPassword(ctx, hashing, cookies, { ...input, login }))
}

async function tryPassword(
  ctx: SignInContext,
  hashing: PasswordHashing,
  { deviceKey }: SessionCookies,
  { login, password, rememberMe }: SignInInput,
): Promise<SignInOutcome> {
  const { em, clock, limits, origin } = ctx
  const known = await findByLogin(em, login, deviceKey)
  const counters = await countAttempt(em, clock, limits.signIn, {
    login,
    address: origin.address,
    userId: known?.userId,
    knownDevice: known?.isKnownDevice ? deviceKey : undefined,
  })

  const fits = await hashing.verify(known?.hash ?? undefined, password)
  if (!known || !fits) throw new AppError('CREDENTIALS_WRONG')
  await clearAttempts(em, counters)
  await renewHash(em, hashing, known, password)
  const user = await em.findOneOrFail(User, { id: known.userId })

  return completeSignIn(ctx, {
    user,
    method: SignInMethod.PASSWORD,
    isWhole: false,
    remember: rememberMe ?? false,
  })
}

/** Ends the viewer's session; with nobody signed in there is nothing to end, and the cookie goes all the same. */
export async function signOut({
  em,
  clock,
  origin,
  viewer,
  cookies,
}: Pick<Context, 'em' | 'clock' | 'origin' | 'viewer' | 'cookies'>): Promise<void> {
  if (viewer) await em.transactional((tx) => endOwnSession(tx, { clock, origin }, viewer))
  cookies?.signOut()
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

interface Known {
  userId: string
  /** PHC string; null without a password. */
  hash: string | null
  isKnownDevice: boolean
}

/** In one statement for everybody, so that its time does not tell whether there is such a person. */
async function findByLogin(
  em: EntityManager,
  login: string,
  deviceKey: string | undefined,
): Promise<Known | undefined> {
  const [table, column] = login.includes('@') ? ['proven_email', 'address_key'] : ['login_name', 'name']
  const [known] = await em.execute<Known[]>(
    `select n.user_id as "userId", p.hash,
        exists (select 1 from known_device d where d.hash = ? and d.user_id = n.user_id) as "isKnownDevice"
      from ${table} n left join password p on p.user_id = n.user_id where n.${column} = ?`,
    [hashOfSecret(deviceKey ?? ''), login],
  )
  return known
}

/**
 * Replaces a hash that was made more cheaply than they are now, while the password is at hand; not one that somebody has
 * replaced meanwhile. It takes this one sign-in a hash longer: what nobody waits for is lost with the process. When the
 * line is full it is left to the next time.
 */
async function renewHash(
  em: EntityManager,
  hashing: PasswordHashing,
  { userId, hash: old }: Known,
  password: string,
): Promise<void> {
  if (old === null || !hashing.isOutdated(old)) return
  const renewed = await hashing.hash(password).catch((error: unknown) => {
    if (error instanceof AppError) return undefined
    throw error
  })
  if (renewed !== undefined) await em.nativeUpdate(Password, { userId, hash: old }, { hash: renewed })
}
