import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from 'kysely'

import { inboxTopic } from './inbox-topic.ts'

export interface InboxItems {
  accountId: string
  kind: string
  eventType: string
  title: string
  body: string
  entity: object | null
  createdAt: Date
}

/**
 * Bumps the badge version of each person. Every change of an inbox begins here, with the people in one order: the
 * row is the lock that keeps the counts, their versions and the items in step.
 */
export async function bumpBadgeVersions(tx: EntityManager, userIds: readonly string[]): Promise<void> {
  await sql`insert into badge_user (user_id, version)
    select user_id, 1 from unnest(${[...userIds].toSorted()}::uuid[]) as user_id order by user_id
    on conflict (user_id) do update set version = badge_user.version + 1`.execute(tx.getKysely())
}

/** Puts one item in the inbox of each recipient and counts it. `ids` go with `userIds`, one each. */
export async function addInboxItems(
  tx: EntityManager,
  userIds: readonly string[],
  ids: readonly string[],
  { accountId, kind, eventType, title, body, entity, createdAt }: InboxItems,
): Promise<void> {
  const alerts = kind === 'ALERT' ? 1 : 0
  await sql`with recipient as (
      select * from unnest(${[...userIds]}::uuid[], ${[...ids]}::uuid[]) as recipient (user_id, id)
    ), item as (
      insert into notification (user_id, id, account_id, kind, event_type, title, body, entity, created_at)
      select user_id, id, ${accountId}, ${kind}, ${eventType}, ${title}, ${body},
        ${entity && JSON.stringify(entity)}::jsonb, ${createdAt} from recipient
    )
    insert into badge (user_id, account_id, unread, alerts)
    select user_id, ${accountId}, 1, ${alerts}::int from recipient
    on conflict (user_id, account_id) do update
      set unread = badge.unread + excluded.unread, alerts = badge.alerts + excluded.alerts`.execute(
    tx.getKysely(),
  )
}

interface ReadChange {
  userId: string
  /** The items; absent = all. */
  ids?: readonly string[]
  kind?: string
  accountId: string | null
  read: boolean
  now: Date
}

/** Marks items as read or unread and counts what changed. Those that are so already do not count. */
export async function markItems(
  tx: EntityManager,
  { userId, ids, kind, accountId, read, now }: ReadChange,
): Promise<void> {
  const step = read ? -1 : 1
  await sql`with changed as (
      update notification set read_at = ${read ? now : null}::timestamptz
      where user_id = ${userId} and (read_at is null) = ${read}
        and (${ids ? [...ids] : null}::uuid[] is null or id = any(${ids ? [...ids] : []}::uuid[]))
        and (${kind ?? null}::text is null or kind = ${kind ?? null}::text)
        and (${accountId}::uuid is null or account_id = ${accountId}::uuid)
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

/** The new item of one person, for those who follow the list. */
interface Addition {
  ids: readonly string[]
  accountId: string
}

/**
 * Tells every server process what the badges of these people are now, once this transaction commits. A badge too long
 * for a NOTIFY is left out, and read by whoever has the person connected.
 */
export async function announceInboxes(
  tx: EntityManager,
  userIds: readonly string[],
  added?: Addition,
): Promise<void> {
  const addedIds = added ? [...added.ids] : userIds.map(() => null)
  await sql`with person as (
      select * from unnest(${[...userIds]}::uuid[], ${addedIds}::uuid[]) as person (user_id, added_id)
    ), message as (
      select json_strip_nulls(json_build_object('userId', p.user_id, 'added', case when p.added_id is not null
          then json_build_object('id', p.added_id, 'accountId', ${added?.accountId ?? null}::uuid) end)) as hint,
        json_build_object('version', v.version, 'unread', coalesce(sum(b.unread), 0),
          'alerts', coalesce(sum(b.alerts), 0), 'accounts', coalesce(json_agg(json_build_object(
            'accountId', b.account_id, 'unread', b.unread, 'alerts', b.alerts) order by b.account_id)
            filter (where b.account_id is not null), '[]'::json)) as badge
      from person p join badge_user v on v.user_id = p.user_id left join badge b on b.user_id = p.user_id
      group by p.user_id, p.added_id, v.version
    )
    select pg_notify(${inboxTopic}, case when octet_length(badge::text) < 7500
      then (hint::jsonb || jsonb_build_object('badge', badge))::text else hint::text end)
    from message`.execute(tx.getKysely())
}
