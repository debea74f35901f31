import { lengths } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import { ProvenEmail } from '../contacts/email.entity.ts'
import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { LoginName, User } from '../users/user.entity.ts'
import {
  completeSignIn,
  isKnownDevice,
  type SignInContext,
  type SignInOutcome,
} from './complete-sign-in.ts'
import { endOwnSession } from './end-session.ts'
import { Password } from './password.entity.ts'
import type { PasswordHashing } from './password-hashing.ts'
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
  const { em, clock, limits, origin, cookies } = ctx
  if (!cookies) throw new AppError('FORBIDDEN')
  if (input.password.length > lengths.password) throw badInput('password', 'TOO_LONG')
  const login = checkLogin(input.login)

  const user = await findByLogin(em, login)
  const { deviceKey } = cookies
  const knownDevice = user && (await isKnownDevice(em, user.id, deviceKey)) ? deviceKey : undefined
  const counters = await countAttempt(em, clock, limits.signIn, {
    login,
    address: origin.address,
    userId: user?.id,
    knownDevice,
  })

  const password = user && (await em.findOne(Password, { userId: user.id }))
  const fits = await hashing.verify(password?.hash, input.password)
  if (!user || !fits) throw new AppError('CREDENTIALS_WRONG')
  await clearAttempts(em, counters)

  return completeSignIn(ctx, {
    user,
    method: SignInMethod.PASSWORD,
    isWhole: false,
    remember: input.rememberMe ?? false,
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

async function findByLogin(em: EntityManager, login: string): Promise<User | null> {
  const named = login.includes('@')
    ? await em.findOne(ProvenEmail, { addressKey: login })
    : await em.findOne(LoginName, { name: login })
  return named && em.findOne(User, { id: named.userId })
}
