import { lengths } from '@lanyard/contract/limits'

import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { isKnownDevice } from './complete-sign-in.ts'
import { Password } from './password.entity.ts'
import { clearAttempts, countAttempt } from './sign-in-throttle.ts'

/**
 * Asks who is signed in for their password, counted as a sign-in is. Somebody without one is answered as if it were
 * wrong.
 * @throws AppError CREDENTIALS_WRONG, RATE_LIMITED, BAD_USER_INPUT
 */
export async function checkOwnPassword(
  {
    em,
    clock,
    limits,
    origin,
    cookies,
    passwords,
  }: Pick<Context, 'em' | 'clock' | 'limits' | 'origin' | 'cookies' | 'passwords'>,
  userId: string,
  password: string,
): Promise<void> {
  if (password === '') throw badInput('password', 'EMPTY')
  if (password.length > lengths.password) throw badInput('password', 'TOO_LONG')
  const deviceKey = cookies?.deviceKey
  const knownDevice = (await isKnownDevice(em, userId, deviceKey)) ? deviceKey : undefined
  const attempt = { login: userId, address: origin.address, userId, knownDevice }
  const counters = await countAttempt(em, clock, limits.signIn, attempt)
  const stored = await em.findOne(Password, { userId })
  if (!(await passwords.verify(stored?.hash, password))) throw new AppError('CREDENTIALS_WRONG')
  await clearAttempts(em, counters)
}
