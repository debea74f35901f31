import type { EntityManager } from '@mikro-orm/postgresql'
import { type RawBuilder, sql } from 'kysely'

import { boundAccountId, closedAccountIds, type Viewer } from '../viewer.ts'

/**
 * Bumps the badge version of each person. Every change of an inbox begins here, with the people in one order: the
 * row is the lock that keeps the counts, their versions and the items in step.
 */
export async function bumpBadgeVersions(tx: EntityManager, userIds: readonly string[]): Promise<void> {
  await sql`insert into badge_user (user_id, version)
    select user_id, 1 from unnest(${[...userIds].toSorted()}::uuid[]) as user_id order by user_id
    on conflict (user_id) do update set version = badge_user.version + 1`.execute(tx.getKysely())
}

/** The same as `withinReach`, for a statement of one viewer, over rows with an `account_id`. */
export function isReachable(viewer: Viewer): RawBuilder<unknown> {
  const [bound, closed] = [boundAccountId(viewer), closedAccountIds(viewer)]
  return sql`((${bound}::uuid is null or account_id = ${bound}::uuid)
    and coalesce(account_id <> all(${closed}::uuid[]), true))`
}

interface ReadChange {
  userId: string
  /** The items; absent = all. */
  ids?: readonly string[]
  kind?: string
  /** Who marks them, within their reach; null for Lanyard itself. */
  viewer: Viewer | null
  read: boolean
  now: Date
}

/** Marks items as read or unread and counts what changed. Those that are so already do not count. */
export async function markItems(
  tx: EntityManager,
  { userId, ids, kind, viewer, read, now }: ReadChange,
): Promise<void> {
  const step = read ? -1 : 1
  await sql`with changed as (
      update notification set read_at = ${read ? now : null}::timestamptz
      where user_id = ${userId} and (read_at is null) = ${read}
        and (${ids ? [...ids] : null}::uuid[] is null or id = any(${ids ? [...ids] : []}::uuid[]))
        and (${kind ?? null}::text is null or kind = ${kind ?? null}::text)
        and ${viewer ? isReachable(viewer) : sql`true`}
      returning account_id, kind
    ), counted as (
      select account_id, count(*) as items, count(*) filter (where kind = 'ALERT') as alerts
      from changed group by account_id
    )
    update badge set unread = badge.unread + ${step}::int * counted.items::int,
      alerts = badge.alerts + ${step}::int * counted.alerts::int
    from counted where badge.user_id = ${userId} and badge.account_id = counted.account_id`.execute(
    tx.getKysely(),
  )
}
