import { deliveryChangedTopic } from './delivery-topic.ts'

/** In this order a delivery moves, and never back. */
export const stateOrder = `'{QUEUED,SENDING,SENT,DELIVERED,UNDELIVERED,FAILED,SUPPRESSED}'::text[]`

/** What follows from a new state, as further parts of the statement that stores it. */
interface Settling {
  /** To follow `settled`. */
  parts: string
  /** What the final select has to name, or PostgreSQL leaves out what nobody reads. */
  announced: string
}

/**
 * Needs a part `settled`: rows of `delivery` as they are now, with `next_id` for the delivery over the next way and
 * `arrived`, whether the recipient has it as far as anybody will ever tell; and a part `moment (at)`.
 *
 * One that ended without arriving is followed at once by one over the next way; the health of the address is kept;
 * pages that wait are told.
 */
export const settling: Settling = {
  parts: `next_way as (
      insert into delivery (user_id, id, account_id, channel, message, address_id, address, language, time_zone,
        content, next_ways, due_at, expires_at, created_at)
      select user_id, next_id, account_id, next_ways -> 0 ->> 'channel', message,
        (next_ways -> 0 ->> 'addressId')::uuid, next_ways -> 0 ->> 'address', language, time_zone,
        content, next_ways - 0, at, expires_at, at
      from settled, moment
      where state in ('UNDELIVERED', 'FAILED', 'SUPPRESSED') and jsonb_array_length(next_ways) > 0 and expires_at > at
      returning id
    ), health as (
      insert into address_health (user_id, address_id, last_delivered_at, last_failed_at, last_failed_reason,
        last_failed_detail)
      select user_id, address_id, max(at) filter (where arrived), max(at) filter (where not arrived),
        max(reason) filter (where not arrived), max(detail) filter (where not arrived)
      from settled, moment
      where address_id is not null and (arrived or state in ('UNDELIVERED', 'FAILED'))
      group by user_id, address_id order by user_id, address_id
      on conflict (user_id, address_id) do update set
        last_delivered_at = coalesce(excluded.last_delivered_at, address_health.last_delivered_at),
        last_failed_at = coalesce(excluded.last_failed_at, address_health.last_failed_at),
        last_failed_reason = case when excluded.last_failed_at is null then address_health.last_failed_reason
          else excluded.last_failed_reason end,
        last_failed_detail = case when excluded.last_failed_at is null then address_health.last_failed_detail
          else excluded.last_failed_detail end
    ), announced as (
      select pg_notify('${deliveryChangedTopic}', json_build_object('userId', user_id, 'id', id)::text)
      from settled where live
    )`,
  announced: '(select count(*) from announced)',
}
