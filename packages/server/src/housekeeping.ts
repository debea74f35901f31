import {
  deliveryRetentionDays,
  expiredTokenDays,
  notificationRetentionDays,
  removedEmailDays,
} from '@lanyard/contract/limits'
import pg from 'pg'
import { PgBoss } from 'pg-boss'

import { maintainNotificationPartitions } from './database/notification-partitions.ts'
import type { Clock } from './lib/clock.ts'
import type { Limits } from './limits.ts'
import type { DatabaseUrls } from './open-database.ts'

const dayMilliseconds = 86_400_000
/** Each night, and each hour; not on the hour, when everybody's jobs run. */
const nightly = '17 3 * * *'
const hourly = '23 * * * *'

/** A week of them, and no more than somebody may look through. */
const mostCaughtMessages = 5000
const forgetCaughtMessages = `delete from caught_message
  where at < $1 or id <= (select id from caught_message order by id desc offset $2 limit 1)`

/**
 * Throws away what has had its time: inbox items after the retention, ended sessions and tokens, counters and keys that
 * no longer count. Sessions and partitions first, each in a transaction of its own, so that a failure leaves the rest
 * done.
 */
export async function keepHouse(
  { url, ownerUrl }: DatabaseUrls,
  clock: Clock,
  limits: Limits,
): Promise<void> {
  const now = clock.now()
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  await onConnection(ownerUrl, async (client) => {
    await client.query('begin')
    await maintainNotificationPartitions(client, now)
    await client.query('commit')
  })
  await onConnection(url, async (client) => {
    const idleSince = before(limits.session.idleSeconds * 1000)
    await client.query('delete from session where expires_at < $1 or last_seen_at < $2', [now, idleSince])
    await client.query('delete from known_device where created_at < $1', [before(365 * dayMilliseconds)])
    await client.query('delete from sign_in_throttle where forget_at < $1', [now])
    await client.query('delete from address_proof where counted_since < $1 and expires_at < $2', [
      before(dayMilliseconds),
      now,
    ])
    await client.query('delete from proof_failure where since < $1', [before(dayMilliseconds)])
    await client.query('delete from idempotency_key where created_at < $1', [before(dayMilliseconds)])
    await client.query('delete from event where accepted_at < $1', [
      before(notificationRetentionDays * dayMilliseconds),
    ])
    await forgetDeliveries(client, before(deliveryRetentionDays * dayMilliseconds))
    await client.query('delete from personal_access_token where expires_at < $1', [
      before(expiredTokenDays * dayMilliseconds),
    ])
    // Not while a user is being taken back: those that were removed when that began still count.
    await client.query(
      `delete from removed_email as removed where removed_at < $1 and not exists (select from recovery as r
        where r.user_id = removed.user_id and (r.reset_at is null or r.reset_at > $1))`,
      [before(removedEmailDays * dayMilliseconds)],
    )
    await client.query('delete from slack_link_request where expires_at < $1', [now])
    for (const table of expiringTables) {
      await client.query(`delete from ${table} where expires_at < $1`, [now])
    }
    await client.query('delete from password_reset_request where requested_at < $1', [
      before(dayMilliseconds),
    ])
    await client.query('delete from password_reset_count where forget_at < $1', [now])
    await client.query(forgetCaughtMessages, [before(7 * dayMilliseconds), mostCaughtMessages])
  })
}

async function onConnection(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/** What a person has begun and did not finish in time, and what is only kept from coming twice. */
const expiringTables = [
  'pending_sign_in',
  'totp_setup',
  'passkey_challenge',
  'password_reset',
  'sso_request',
  'saml_assertion',
] as const

/** What was sent, and what the limits on sending and the order of carriers' reports are told by. */
const deliveryTables = [
  ['delivery', 'created_at'],
  ['code_sending', 'sent_at'],
  ['carrier_event', 'at'],
  ['address_trouble', 'at'],
] as const

/** So many in one transaction: one of a whole day would keep what it deletes from being cleaned up for long. */
const rowsAtOnce = 10_000

async function forgetDeliveries(client: pg.Client, before: Date): Promise<void> {
  for (const [table, column] of deliveryTables) {
    const statement = `delete from ${table} where ctid = any(array(
      select ctid from ${table} where ${column} < $1 limit ${rowsAtOnce}))`
    let deleted = rowsAtOnce
    while (deleted === rowsAtOnce) deleted = (await client.query(statement, [before])).rowCount ?? 0
  }
}

interface Chores {
  urls: DatabaseUrls
  clock: Clock
  limits: Limits
  warnOfExpiringTokens(): Promise<void>
  onError(error: unknown): void
}

/** Keeps house every night, and warns of what ends soon every hour, in whichever server process takes the job. */
export async function startHousekeeping({
  urls,
  clock,
  limits,
  warnOfExpiringTokens,
  onError,
}: Chores): Promise<AsyncDisposable> {
  const boss = new PgBoss({ connectionString: urls.url, max: 2, migrate: false })
  boss.on('error', onError)
  await boss.start()
  const repeat = async (queue: string, cron: string, work: () => Promise<void>) => {
    await boss.createQueue(queue, { policy: 'short', retryLimit: 3, retryBackoff: true })
    await boss.work(queue, { pollingIntervalSeconds: 60 }, work)
    await boss.schedule(queue, cron)
  }
  await repeat('housekeeping', nightly, () => keepHouse(urls, clock, limits))
  await repeat('token-warnings', hourly, warnOfExpiringTokens)
  return { [Symbol.asyncDispose]: () => boss.stop({ graceful: false }) }
}
