import { sql } from 'kysely'

import { Channel } from '../delivery/channel.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import { messageTraits } from '../delivery/message.ts'
import { newId } from '../lib/ids.ts'
import { slot } from '../lib/statement.ts'
import { usualChannelsOf } from './event-catalogue.ts'
import { eventChannels } from './event-channels.ts'
import type { EntityLink } from './notification.entity.ts'

/** Something that happened, as it is told to each of its recipients. */
export interface ToldEvent {
  accountId: string
  type: string
  kind: string
  recipients: readonly string[]
  title: string
  body: string
  entity: EntityLink | null
  now: Date
}

/** What the statement says it has made. */
export interface EventEffects {
  /** The inbox items. */
  items: { userId: string; id: string }[]
  /** Deliveries that a carrier is to take. */
  deliveries: number
}

const eventLifeSeconds = messageTraits.EVENT.lifeSeconds
const accountId = slot(({ accountId: id }: ToldEvent) => id)
const now = sql`${slot(({ now: at }: ToldEvent) => at)}::timestamptz`

/** What somebody chose for the type of event, over their `notification_preference` as `p`, if there is one. */
export const chosenChannels = sql`coalesce(p.channels, ${slot(({ type }: ToldEvent) => usualChannelsOf(type))}::text[])`

/**
 * The inbox items, the counts and the deliveries of an event, as parts of a statement that says before who each
 * `recipient` is (user_id, account_user_id, channels), and by a row of `accepted` that it is to be told at all. Every
 * change of an inbox begins by bumping the version of its person, in one order, as that row is the lock of the inbox
 * (`bumped`).
 */
export const effects = sql`bumped as (
      insert into badge_user (user_id, version)
      select user_id, 1 from accepted, recipient where ${sql.lit(Channel.IN_APP)} = any(channels) order by user_id
      on conflict (user_id) do update set version = badge_user.version + 1
      returning user_id
    ), item as (
      insert into notification (user_id, id, account_id, kind, event_type, title, body, entity, created_at)
      select user_id, (${slot(idsOfItems)}::uuid[])[row_number() over ()], ${accountId},
        ${slot(({ kind }: ToldEvent) => kind)}, ${slot(({ type }: ToldEvent) => type)},
        ${slot(({ title }: ToldEvent) => title)}, ${slot(({ body }: ToldEvent) => body)},
        ${slot(({ entity }: ToldEvent) => entity && JSON.stringify(entity))}::jsonb, ${now} from bumped
      returning user_id, id
    ), counted as (
      insert into badge (user_id, account_id, unread, alerts)
      select user_id, ${accountId}, 1, ${slot(({ kind }: ToldEvent) => (kind === 'ALERT' ? 1 : 0))}::int from bumped
      on conflict (user_id, account_id) do update
        set unread = badge.unread + excluded.unread, alerts = badge.alerts + excluded.alerts
    ), wish as (
      select user_id, account_user_id, wished.channel, language, time_zone from accepted, recipient
        join "user" on "user".id = user_id
        cross join unnest(channels) as wished (channel)
      where wished.channel in (${sql.join(eventChannels.map((channel) => sql.lit(channel)))})
    ), ways as (
      select wish.user_id, wish.channel, jsonb_agg(jsonb_build_object('channel', wish.channel,
          'addressId', proven.id, 'address', proven.address)
          order by proven."primary" desc, proven.created_at, proven.id) as ways
      from wish cross join lateral (
        select id, address, "primary", created_at from email
        where wish.channel = 'EMAIL' and email.user_id = wish.user_id and verified_at is not null
        union all
        select id, number, "primary", created_at from phone
        where wish.channel = 'SMS' and phone.user_id = wish.user_id and verified_at is not null
      ) as proven group by wish.user_id, wish.channel
    ), sent as (
      insert into delivery (user_id, id, account_id, channel, message, address_id, address, language, time_zone, content,
        next_ways, state, reason, failed_at, due_at, expires_at, created_at)
      select wish.user_id, (${slot(idsOfDeliveries)}::uuid[])[row_number() over ()], ${accountId}, wish.channel, 'EVENT',
        (ways -> 0 ->> 'addressId')::uuid, coalesce(ways -> 0 ->> 'address', ''), language, time_zone,
        ${slot(contentOf)}::jsonb || jsonb_build_object('accountUserId', wish.account_user_id, 'notificationId', item.id,
          'accountName', (select name from account where account.id = ${accountId})),
        coalesce(ways - 0, '[]'), case when ways is null then 'SUPPRESSED' else 'QUEUED' end,
        case when ways is null then ${sql.lit(DeliveryReason.ADDRESS_UNPROVEN)} end,
        case when ways is null then ${now} end, ${now}, ${now} + make_interval(secs => ${sql.lit(eventLifeSeconds)}), ${now}
      from wish left join ways on ways.user_id = wish.user_id and ways.channel = wish.channel
        left join item on item.user_id = wish.user_id
      returning state
    )`

/** Of the statement that has these parts: what they made. */
export const effectColumns = sql`(select count(*)::int from sent where state = 'QUEUED') as deliveries, (select coalesce(json_agg(json_build_object('userId', user_id, 'id', id)), '[]'::json)
      from item) as items`

/** One for each who may get an item. */
function idsOfItems({ recipients, now: at }: ToldEvent): string[] {
  return recipients.map(() => newId(at))
}

function idsOfDeliveries({ recipients, now: at }: ToldEvent): string[] {
  return recipients.flatMap(() => eventChannels.map(() => newId(at)))
}

/** What the message says that is the same for everybody. */
function contentOf({ type, kind, title, body, entity, now: at }: ToldEvent): string {
  const link = entity && { type: entity.type, name: entity.name, url: entity.url }
  return JSON.stringify({ eventType: type, kind, title, body, entity: link, at: at.toISOString() })
}
