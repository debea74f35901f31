import type { EntityManager } from '@mikro-orm/postgresql'
import { type RawBuilder, sql } from 'kysely'

import { AppError } from '../errors/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Limits } from '../limits.ts'
import { hashOfSecret } from './secret-keys.ts'

interface Attempt {
  /** The name or address that was typed, as it is compared. */
  login: string
  address: string
  /** Whose it is, however it was typed; undefined when it is nobody's. */
  userId: string | undefined
  /** The cookie of a browser this very person has signed in from before; such a browser is counted by itself. */
  knownDevice: string | undefined
}

interface Counter {
  key: string
  /** How many failures in a row make nobody wait. */
  free: number
  /** In seconds, after each of the next failures; the last one after all that follow. */
  waits: readonly number[]
  /** Said instead of counting once there were so many failures in a row. */
  exhaustedAfter?: number
  forgetAfterSeconds?: number
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
  return countAll(em, counters, limits, now)
}

/**
 * Counts a code of a second factor before it is tried, in a transaction of its own. Only who has the password comes so
 * far: a stranger cannot use up the tries.
 * @returns the counters to clear when the code turns out right
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`; CODE_EXHAUSTED when only recovery codes count any more
 */
export async function countCode(
  em: EntityManager,
  clock: Clock,
  limits: Pick<Limits, 'signIn' | 'secondFactor'>,
  { userId, address, isRecoveryCode }: { userId: string; address: string; isRecoveryCode: boolean },
): Promise<string[]> {
  const now = clock.now()
  const { failuresPerHour, failuresEver } = limits.secondFactor
  const counters: Counter[] = [
    wholeCounter(limits.signIn, now),
    addressCounter('address', address, limits.signIn),
    {
      key: codeCounter(userId),
      // A full hour after the tries of the first, then one at a time: no hour has more.
      free: failuresPerHour - 1,
      waits: [3600, 3600 / failuresPerHour],
      forgetAfterSeconds: tenYearsSeconds,
      ...(isRecoveryCode ? {} : { exhaustedAfter: failuresEver }),
    },
  ]
  return countAll(em, counters, limits.signIn, now)
}

/** A new secret begins with no wrong codes: those of the one before tell nothing about it. */
export async function forgetCodes(em: EntityManager, userId: string): Promise<void> {
  await em.execute('delete from sign_in_throttle where key = ?', [codeCounter(userId)])
}

function codeCounter(userId: string): string {
  return `code:${userId}`
}

/** In a row means ever. */
const tenYearsSeconds = 10 * 365 * 86_400

/**
 * Counts a try of something that nobody is known by, such as the link of a mail or a passkey, by its address and the
 * whole, in a transaction of its own.
 * @returns the counters to clear when it turns out right
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export async function countStranger(
  em: EntityManager,
  clock: Clock,
  limits: Limits['signIn'],
  address: string,
): Promise<string[]> {
  const now = clock.now()
  return countAll(em, [wholeCounter(limits, now), addressCounter('address', address, limits)], limits, now)
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

/** Who goes to an identity provider, as far as anybody knows. */
export interface SsoBeginner {
  userId: string | undefined
  /** The cookie of a browser that somebody has signed in from before. */
  knownDevice: string | undefined
  address: string
}

/**
 * Counts that a browser goes to an identity provider, as a row remembers it until it comes back, in a transaction of its
 * own. Strangers are counted by their address and the whole. Who is signed in, and a browser that somebody has signed in
 * from before, is counted apart: no number of strangers keeps them out.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export async function countSsoStart(
  em: EntityManager,
  clock: Clock,
  limits: Pick<Limits, 'signIn' | 'singleSignOn'>,
  beginner: SsoBeginner,
): Promise<void> {
  const now = clock.now()
  await countAll(em, ssoCounters(beginner, limits.singleSignOn, now), limits.signIn, now)
}

/** The browser has come back as somebody: its going there, if that was in these ten minutes, was no mere try. */
export async function clearSsoStart(
  em: EntityManager,
  clock: Clock,
  limits: Pick<Limits, 'singleSignOn'>,
  beginner: SsoBeginner,
): Promise<void> {
  const counters = ssoCounters(beginner, limits.singleSignOn, clock.now())
  await clearAttempts(
    em,
    counters.map(({ key }) => key),
  )
}

/** As long as what was begun is remembered. */
const ssoWindowSeconds = 600

function ssoCounters(
  { userId, knownDevice, address }: SsoBeginner,
  { perSource, ofStrangers }: Limits['singleSignOn'],
  now: Date,
): Counter[] {
  const seconds = now.getTime() / 1000
  const window = Math.floor(seconds / ssoWindowSeconds)
  const counter = (source: string, most: number): Counter => ({
    key: `sso:${window}:${source}`,
    free: most - 1,
    waits: [(window + 1) * ssoWindowSeconds - seconds],
    forgetAfterSeconds: ssoWindowSeconds,
  })
  if (userId !== undefined) return [counter(`person:${userId}`, perSource)]
  if (knownDevice !== undefined) return [counter(`device:${digest(knownDevice)}`, perSource)]
  return [counter('all', ofStrangers), counter(`address:${digest(address)}`, perSource)]
}

/** The right password or code ends the count of its person or device. The address's goes on: it may be guessing at others. */
export async function clearAttempts(em: EntityManager, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    if (/^(?:login|person|device|code):/.test(key))
      await em.execute('delete from sign_in_throttle where key = ?', [key])
    else
      await em.execute('update sign_in_throttle set failures = greatest(failures - 1, 0) where key = ?', [
        key,
      ])
  }
}

function countersOf(
  { login, address, userId, knownDevice }: Attempt,
  limits: Limits['signIn'],
  now: Date,
): Counter[] {
  const doubling = { free: 0, waits: doublingWaits(limits) }
  if (knownDevice) return [{ key: `device:${digest(knownDevice)}`, ...doubling }]

  // The widest first: two attempts that share several rows take them in the same order and cannot wait in a circle.
  return [
    wholeCounter(limits, now),
    addressCounter('address', address, limits),
    // By the person: a username and an email of theirs are not two chances.
    { key: userId ? `person:${userId}` : `login:${digest(login)}`, ...doubling },
  ]
}

/** Over everybody, by the minute. */
function wholeCounter(limits: Limits['signIn'], now: Date): Counter {
  return {
    key: `all:${Math.floor(now.getTime() / 60_000)}`,
    free: limits.globalFailuresPerMinute - 1,
    waits: [60 - Math.floor((now.getTime() / 1000) % 60)],
  }
}

function addressCounter(kind: 'address' | 'leak', address: string, limits: Limits['signIn']): Counter {
  return {
    key: `${kind}:${digest(address)}`,
    free: limits.addressFreeFailures,
    waits: doublingWaits(limits),
  }
}

function doublingWaits({ firstWaitSeconds, longestWaitSeconds }: Limits['signIn']): number[] {
  const waits: number[] = []
  for (let wait = firstWaitSeconds; wait > 0 && wait < longestWaitSeconds; wait *= 2) waits.push(wait)
  return [...waits, firstWaitSeconds === 0 ? 0 : longestWaitSeconds]
}

/** What was typed may be a password in the wrong field: only its hash is kept. */
function digest(text: string): string {
  return hashOfSecret(text).toString('hex')
}

/** No wait. Not "until now": an attempt that read its clock a little earlier may get to the row a little later. */
const longAgo = new Date(0)

/**
 * Counts in all of them or, when one refuses, in none: waiting impatiently makes no wait longer.
 * @returns their keys
 */
async function countAll(
  em: EntityManager,
  counters: readonly Counter[],
  limits: Limits['signIn'],
  now: Date,
): Promise<string[]> {
  const [first, ...others] = counters
  if (first && others.length === 0) await count(em.fork(), first, limits, now)
  else
    await em.fork().transactional(async (tx) => {
      for (const counter of counters) await count(tx, counter, limits, now)
    })
  return counters.map(({ key }) => key)
}

/**
 * One statement, which waits for whoever counts the same at this moment and then sees what they left.
 * @throws AppError CODE_EXHAUSTED; RATE_LIMITED when the wait after the last try is not over
 */
async function count(
  tx: EntityManager,
  counter: Counter,
  limits: Limits['signIn'],
  now: Date,
): Promise<void> {
  const { key, free, waits, exhaustedAfter = null, forgetAfterSeconds } = counter
  const forgetAt = new Date(now.getTime() + (forgetAfterSeconds ?? limits.forgetAfterSeconds) * 1000)
  const { rows } = await sql`
    insert into sign_in_throttle as t (key, failures, next_try_at, forget_at)
      values (${key}, 1, ${nextTryAfter(sql`1`)}, ${forgetAt})
    on conflict (key) do update set (failures, next_try_at, forget_at) = (
        select failures, ${nextTryAfter(sql`failures`)}, excluded.forget_at
        from (select case when t.forget_at > ${now} then t.failures + 1 else 1 end as failures) as counted
      )
      where t.next_try_at <= ${now}
        and not coalesce(t.forget_at > ${now} and t.failures >= ${exhaustedAfter}::integer, false)
    returning 1`.execute(tx.getKysely())
  if (rows.length === 0) throw await refusalBy(tx, counter, now)

  function nextTryAfter(failures: RawBuilder<unknown>) {
    const wait = sql`(${waits}::float8[])[least(${failures} - ${free}::integer, ${waits.length}::integer)]`
    return sql`case when coalesce(${wait}, 0) > 0 then ${now}::timestamptz + make_interval(secs => ${wait})
      else ${longAgo}::timestamptz end`
  }
}

async function refusalBy(
  tx: EntityManager,
  { key, exhaustedAfter }: Counter,
  now: Date,
): Promise<AppError> {
  const [row] = await tx.execute<{ next_try_at: Date }[]>(
    'select next_try_at from sign_in_throttle where key = ?',
    [key],
  )
  // Gone or over by now, it still was one.
  const waitMilliseconds = row ? new Date(row.next_try_at).getTime() - now.getTime() : 0
  if (waitMilliseconds <= 0 && exhaustedAfter !== undefined) return new AppError('CODE_EXHAUSTED')
  return new AppError('RATE_LIMITED', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMilliseconds / 1000)),
  })
}
