import { notificationRetentionDays } from '@lanyard/contract/limits'
import pg from 'pg'
import { PgBoss } from 'pg-boss'

import { maintainNotificationPartitions } from './database/notification-partitions.ts'
import type { Clock } from './lib/clock.ts'
import type { Limits } from './limits.ts'

const dayMilliseconds = 86_400_000
const queue = 'housekeeping'
/** Each night, and not on the hour, when everybody's jobs run. */
const nightly = '17 3 * * *'

/**
 * Throws away what has had its time: inbox items after the retention, ended sessions, counters and keys that no longer
 * count. Sessions and partitions first, each in a transaction of its own, so that a failure leaves the rest done.
 */
export async function keepHouse(databaseUrl: string, clock: Clock, limits: Limits): Promise<void> {
  const now = clock.now()
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    await maintainNotificationPartitions(client, now)
    await client.query('commit')

    const idleSince = before(limits.session.idleSeconds * 1000)
    await client.query('delete from session where expires_at < $1 or last_seen_at < $2', [now, idleSince])
    await client.query('delete from known_device where created_at < $1', [before(365 * dayMilliseconds)])
    await client.query('delete from sign_in_throttle where forget_at < $1', [now])
    await client.query('delete from idempotency_key where created_at < $1', [before(dayMilliseconds)])
    await client.query('delete from event where accepted_at < $1', [
      before(notificationRetentionDays * dayMilliseconds),
    ])
  } finally {
    await client.end()
  }
}

/** Keeps house every night, in whichever server process takes the job. */
export async function startHousekeeping(
  databaseUrl: string,
  clock: Clock,
  limits: Limits,
  onError: (error: unknown) => void,
): Promise<AsyncDisposable> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: 2 })
  boss.on('error', onError)
  await boss.start()
  await boss.createQueue(queue, { policy: 'short', retryLimit: 3, retryBackoff: true })
  await boss.work(queue, { pollingIntervalSeconds: 60 }, () => keepHouse(databaseUrl, clock, limits))
  await boss.schedule(queue, nightly)
  return { [Symbol.asyncDispose]: () => boss.stop({ graceful: false }) }
}
