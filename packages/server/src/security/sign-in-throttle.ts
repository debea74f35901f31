import type { EntityManager } from '@mikro-orm/postgresql'

import { AppError } from '../errors/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Limits } from '../limits.ts'
import { hashOfSecret } from './secret-keys.ts'

interface Attempt {
  /** The name or address that was typed, as it is compared. */
  login: string
  address: string
  /** The cookie of a browser this very person has signed in from before; such a browser is counted by itself. */
  knownDevice: string | undefined
}

interface Counter {
  key: string
  waitAfter(failures: number): number
}

/**
 * Counts a try before it is made, in a transaction of its own: neither parallel requests nor a crash get one for free.
 * The wait after a wrong password doubles up to a quarter of an hour, and never becomes a lock: a stranger's guesses
 * do not keep the owner out, who is counted apart on a browser they have used before. Source: S-A1, S-A2.
 * @returns the counters to clear when the password turns out right
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export async function countAttempt(
  em: EntityManager,
  clock: Clock,
  limits: Limits['signIn'],
  attempt: Attempt,
): Promise<string[]> {
  const now = clock.now()
  const counters = countersOf(attempt, limits, now)
  // A try that is refused throws, so it counts nowhere: waiting impatiently makes no wait longer.
  await em.fork().transactional(async (tx) => {
    for (const counter of counters) await count(tx, counter, limits, now)
  })
  return counters.map(({ key }) => key)
}

/**
 * Counts a token that is presented as leaked, by its address and apart from passwords, in the caller's transaction.
 * @returns the counter to clear when there was such a token
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export async function countPresentedToken(
  tx: EntityManager,
  clock: Clock,
  limits: Limits['signIn'],
  address: string,
): Promise<string[]> {
  const counter = addressCounter('leak', address, limits)
  await count(tx, counter, limits, clock.now())
  return [counter.key]
}

/** The right password ends the count of its name or device. The address's goes on: it may be guessing at others. */
export async function clearAttempts(em: EntityManager, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    if (/^(?:login|device):/.test(key))
      await em.execute('delete from sign_in_throttle where key = ?', [key])
    else
      await em.execute('update sign_in_throttle set failures = greatest(failures - 1, 0) where key = ?', [
        key,
      ])
  }
}

function countersOf(
  { login, address, knownDevice }: Attempt,
  limits: Limits['signIn'],
  now: Date,
): Counter[] {
  const doubling = (failures: number) => doublingWait(failures, limits)
  if (knownDevice) return [{ key: `device:${digest(knownDevice)}`, waitAfter: doubling }]

  const minute = Math.floor(now.getTime() / 60_000)
  // The widest first: two attempts that share several rows take them in the same order and cannot wait in a circle.
  return [
    {
      key: `all:${minute}`,
      waitAfter: (failures) =>
        failures < limits.globalFailuresPerMinute ? 0 : 60 - Math.floor((now.getTime() / 1000) % 60),
    },
    addressCounter('address', address, limits),
    { key: `login:${digest(login)}`, waitAfter: doubling },
  ]
}

function addressCounter(kind: 'address' | 'leak', address: string, limits: Limits['signIn']): Counter {
  const { addressFreeFailures } = limits
  return {
    key: `${kind}:${digest(address)}`,
    waitAfter: (failures) =>
      failures <= addressFreeFailures ? 0 : doublingWait(failures - addressFreeFailures, limits),
  }
}

/** In seconds. */
function doublingWait(
  failures: number,
  { firstWaitSeconds, longestWaitSeconds }: Limits['signIn'],
): number {
  return Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** Math.min(failures - 1, 30))
}

/** What was typed may be a password in the wrong field: only its hash is kept. */
function digest(text: string): string {
  return hashOfSecret(text).toString('hex')
}

/** No wait. Not "until now": an attempt that read its clock a little earlier may get to the row a little later. */
const longAgo = new Date(0)

/** @throws AppError RATE_LIMITED when the wait after the last try is not over */
async function count(
  tx: EntityManager,
  { key, waitAfter }: Counter,
  limits: Limits['signIn'],
  now: Date,
): Promise<void> {
  await tx.execute(
    `insert into sign_in_throttle (key, failures, next_try_at, forget_at) values (?, 0, ?, ?)
      on conflict (key) do nothing`,
    [key, longAgo, now],
  )
  const [row] = await tx.execute<{ failures: number; next_try_at: Date; forget_at: Date }[]>(
    'select failures, next_try_at, forget_at from sign_in_throttle where key = ? for update',
    [key],
  )
  if (!row) throw new Error('the row was inserted or locked just now')
  const waitMilliseconds = new Date(row.next_try_at).getTime() - now.getTime()
  if (waitMilliseconds > 0)
    throw new AppError('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMilliseconds / 1000) })

  const failures = new Date(row.forget_at) > now ? row.failures + 1 : 1
  const waitSeconds = waitAfter(failures)
  const nextTryAt = waitSeconds > 0 ? new Date(now.getTime() + waitSeconds * 1000) : longAgo
  await tx.execute(
    'update sign_in_throttle set failures = ?, next_try_at = ?, forget_at = ? where key = ?',
    [failures, nextTryAt, new Date(now.getTime() + limits.forgetAfterSeconds * 1000), key],
  )
}
