import { notificationRetentionDays } from '@lanyard/contract/limits'
import type { ClientBase } from 'pg'

import { idBound } from '../lib/ids.ts'

const dayMilliseconds = 86_400_000
const weekMilliseconds = 7 * dayMilliseconds
const weeksAhead = 5
/** 1970-01-05 was the first Monday of Unix time. */
const firstMonday = 4 * dayMilliseconds

/**
 * Keeps a weekly partition of the inbox ready for the coming weeks, and drops those whose every item is older than
 * the retention. What fell into the default partition meanwhile moves to its week. Runs inside the caller's
 * transaction, under a lock of the caller's.
 */
export async function maintainNotificationPartitions(client: ClientBase, now: Date): Promise<void> {
  const existing = await weeklyPartitions(client)
  const oldestKept = weekOf(new Date(now.getTime() - notificationRetentionDays * dayMilliseconds))
  const last = weekOf(now).getTime() + weeksAhead * weekMilliseconds

  for (let start = oldestKept.getTime(); start <= last; start += weekMilliseconds) {
    const week = new Date(start)
    if (!existing.has(partitionName(week))) await addPartition(client, week)
  }
  for (const name of existing) {
    if (name < partitionName(oldestKept)) await client.query(`drop table ${name}`)
  }
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
