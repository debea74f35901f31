import { notificationRetentionDays } from '@lanyard/contract/limits'
import type { ClientBase } from 'pg'

import { idBound } from '../lib/ids.ts'
import { inboxTopic } from '../notifications/inbox-topic.ts'

const dayMilliseconds = 86_400_000
const weekMilliseconds = 7 * dayMilliseconds
const weeksAhead = 5
/** 1970-01-05 was the first Monday of Unix time. */
const firstMonday = 4 * dayMilliseconds

/**
 * Keeps a weekly partition of the inbox ready for the coming weeks, and drops those whose every item is older than
 * the retention, which then no badge counts any more. What fell into the default partition meanwhile moves to its
 * week. Runs inside the caller's transaction.
 */
export async function maintainNotificationPartitions(client: ClientBase, now: Date): Promise<void> {
  // Every change of an inbox begins at this table, so inboxes stand still meanwhile, and two of us take turns.
  await client.query('lock table badge_user in share row exclusive mode')
  const existing = await weeklyPartitions(client)
  const oldestKept = weekOf(new Date(now.getTime() - notificationRetentionDays * dayMilliseconds))
  const last = weekOf(now).getTime() + weeksAhead * weekMilliseconds

  for (let start = oldestKept.getTime(); start <= last; start += weekMilliseconds) {
    const week = new Date(start)
    if (!existing.has(partitionName(week))) await addPartition(client, week)
  }
  await uncountItemsBefore(client, oldestKept)
  for (const name of existing) {
    if (name < partitionName(oldestKept)) await client.query(`drop table ${name}`)
  }
  await client.query('delete from notification_default where id < $1', [idBound(oldestKept)])
}

/** Takes what is not read off the badges of its readers, and tells every server process to read them again. */
async function uncountItemsBefore(client: ClientBase, oldestKept: Date): Promise<void> {
  await client.query(
    `with expiring as (
        select user_id, account_id, count(*)::int as items, (count(*) filter (where kind = 'ALERT'))::int as alerts
        from notification where id < $1 and read_at is null group by user_id, account_id
      ), counted as (
        update badge set unread = badge.unread - expiring.items, alerts = badge.alerts - expiring.alerts
        from expiring where badge.user_id = expiring.user_id and badge.account_id = expiring.account_id
        returning badge.user_id
      ), bumped as (
        update badge_user set version = version + 1 where user_id in (select user_id from counted) returning user_id
      )
      select pg_notify($2, json_build_object('userId', user_id)::text) from bumped`,
    [idBound(oldestKept), inboxTopic],
  )
}

async function weeklyPartitions(client: ClientBase): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'notification'::regclass and c.relname ~ '^notification_[0-9]{8}$'`,
  )
  return new Set(rows.map(({ name }) => name))
}

async function addPartition(client: ClientBase, week: Date): Promise<void> {
  const name = partitionName(week)
  const from = idBound(week)
  const until = idBound(new Date(week.getTime() + weekMilliseconds))
  await client.query(`create table ${name} (like notification including defaults including constraints)`)
  await client.query(
    `with moved as (delete from notification_default where id >= $1 and id < $2 returning *)
      insert into ${name} select * from moved`,
    [from, until],
  )
  await client.query(
    `alter table notification attach partition ${name} for values from ('${from}') to ('${until}')`,
  )
}

/** Midnight UTC of the Monday before or on the instant. */
function weekOf(instant: Date): Date {
  const sinceMonday = (instant.getTime() - firstMonday) % weekMilliseconds
  return new Date(instant.getTime() - sinceMonday)
}

function partitionName(week: Date): string {
  return `notification_${week.toISOString().slice(0, 10).replaceAll('-', '')}`
}
