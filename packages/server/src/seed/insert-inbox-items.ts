import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from 'kysely'

interface InboxItems {
  accountId: string
  kind: string
  eventType: string
  title: string
  body: string
  entity: object | null
  createdAt: Date
}

/**
 * Puts one item in the inbox of each recipient and counts it, as an event of the past did. `ids` go with `userIds`, one
 * each. What is published now goes through `publishEvent`.
 */
export async function insertInboxItems(
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
