import { sql } from 'kysely'

import { allows } from '../accounts/account.reads.ts'
import type { Statements } from '../database/statements.ts'
import { AppError } from '../errors/app-error.ts'
import { newId } from '../lib/ids.ts'
import { rowAs } from '../lib/read-model.ts'
import { compileStatement, runStatement, slot, type Statement } from '../lib/statement.ts'
import type { Viewer } from '../viewer.ts'
import { Channel } from '../delivery/channel.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import { messageTraits } from '../delivery/message.ts'
import { eventChannels, usualChannels } from './event-channels.ts'
import type { EntityLink } from './notification.entity.ts'

const eventLifeSeconds = messageTraits.EVENT.lifeSeconds

/** An event that is in order in itself. */
export interface Publication {
  viewer: Viewer
  accountId: string
  type: string
  kind: string
  /** Login names, none twice. */
  recipients: readonly string[]
  title: string
  body: string
  entity: EntityLink | null
  now: Date
}

export interface Published {
  /** Whether the publisher belongs to the account, and may publish there. */
  isMember: boolean
  isPermitted: boolean
  /** Whether every recipient belongs to the account. Nothing is stored unless all three are so. */
  isKnown: boolean
  /** The inbox items made. */
  items: { userId: string; id: string }[]
  /** Deliveries that a carrier is to take. */
  deliveries: number
}

type PublisherValues = Pick<Publication, 'viewer' | 'accountId'>

const member = rowAs('m')
const publisher = sql`select (${slot(({ viewer }: PublisherValues) => viewer.superAdmin)}::boolean
      or ${allows(member, 'events.publish')}) as is_permitted
    from account_user m where m.user_id = ${slot(({ viewer }: PublisherValues) => viewer.userId)}
      and m.account_id = ${slot(({ accountId }: PublisherValues) => accountId)}`

const accountId = slot((publication: Publication) => publication.accountId)
const now = sql`${slot((publication: Publication) => publication.now)}::timestamptz`

/**
 * All of it, or nothing, in one statement: with MikroORM it took thirteen, each planned anew. Every change of an inbox
 * begins by bumping the version of its person, in one order, as that row is the lock of the inbox (`bumped`).
 */
const publishStatement: Statement<Publication> = {
  name: 'publish_event',
  ...compileStatement(sql`with publisher as (${publisher}), recipient as (
      select m.user_id, m.id as account_user_id, coalesce(p.channels, ${sql.lit(`{${usualChannels.join()}}`)}::text[]) as channels
      from login_name l join account_user m on m.user_id = l.user_id and m.account_id = ${accountId}
        left join notification_preference p on p.user_id = m.user_id and p.account_user_id = m.id
          and p.event_type = ${slot(({ type }: Publication) => type)}
      where l.name = any(${slot(({ recipients }: Publication) => recipients)}::text[])
    ), verdict as (
      select exists (select 1 from publisher) as "isMember",
        coalesce((select is_permitted from publisher), false) as "isPermitted",
        (select count(*) from recipient) = ${slot(({ recipients }: Publication) => recipients.length)} as "isKnown"
    ), accepted as (
      select 1 from verdict where "isMember" and "isPermitted" and "isKnown"
    ), accepted_event as (
      insert into event (account_id, id, type, publisher_id, recipients, accepted_at)
      select ${accountId}, ${slot((publication: Publication) => newId(publication.now))},
        ${slot(({ type }: Publication) => type)}, ${slot(({ viewer }: Publication) => viewer.userId)},
        ${slot(({ recipients }: Publication) => recipients.length)}, ${now} from accepted
    ), bumped as (
      insert into badge_user (user_id, version)
      select user_id, 1 from accepted, recipient where ${sql.lit(Channel.IN_APP)} = any(channels) order by user_id
      on conflict (user_id) do update set version = badge_user.version + 1
      returning user_id
    ), item as (
      insert into notification (user_id, id, account_id, kind, event_type, title, body, entity, created_at)
      select user_id, (${slot(idsOfItems)}::uuid[])[row_number() over ()], ${accountId},
        ${slot(({ kind }: Publication) => kind)}, ${slot(({ type }: Publication) => type)},
        ${slot(({ title }: Publication) => title)}, ${slot(({ body }: Publication) => body)},
        ${slot(({ entity }: Publication) => entity && JSON.stringify(entity))}::jsonb, ${now} from bumped
      returning user_id, id
    ), counted as (
      insert into badge (user_id, account_id, unread, alerts)
      select user_id, ${accountId}, 1, ${slot(({ kind }: Publication) => (kind === 'ALERT' ? 1 : 0))}::int from bumped
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
    )
    select verdict.*, (select count(*)::int from sent where state = 'QUEUED') as deliveries, (select coalesce(json_agg(json_build_object('userId', user_id, 'id', id)), '[]'::json)
      from item) as items from verdict`),
}

export async function publish(statements: Statements, publication: Publication): Promise<Published> {
  const [published] = await runStatement(statements, publishStatement, publication)
  // The one row of the verdict, and the items beside it.
  return published as Published
}

const publisherStatement: Statement<PublisherValues> = {
  name: 'find_publisher',
  ...compileStatement(publisher),
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function requirePublisher(statements: Statements, values: PublisherValues): Promise<void> {
  const [found] = await runStatement(statements, publisherStatement, values)
  if (!found) throw new AppError('NOT_FOUND', { field: 'accountId' })
  // The column of the statement.
  if (!(found as { is_permitted: boolean }).is_permitted) throw new AppError('FORBIDDEN')
}

/** One for each who may get an item. */
function idsOfItems({ recipients, now: at }: Publication): string[] {
  return recipients.map(() => newId(at))
}

function idsOfDeliveries({ recipients, now: at }: Publication): string[] {
  return recipients.flatMap(() => eventChannels.map(() => newId(at)))
}

/** What the message says that is the same for everybody. */
function contentOf({ type, kind, title, body, entity, now: at }: Publication): string {
  const link = entity && { type: entity.type, name: entity.name, url: entity.url }
  return JSON.stringify({ eventType: type, kind, title, body, entity: link, at: at.toISOString() })
}
