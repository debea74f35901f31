import { randomUUID } from 'node:crypto'

import type { StatementPool } from '../database/statements.ts'
import { type Clock, timeForDatabase } from '../lib/clock.ts'
import type { CarriedChannel } from './channel.ts'
import type { Way } from './delivery.entity.ts'
import type { MessageKind } from './message.ts'

/** A worker that has not stored an outcome by then is taken for gone. Source: R-08. */
export const leaseSeconds = 10

/** A delivery that this process alone may send until its lease is over. */
export interface ClaimedDelivery extends Way {
  userId: string
  id: string
  accountId: string | null
  channel: CarriedChannel
  message: MessageKind
  language: string
  timeZone: string
  content: Record<string, unknown>
  secrets: Buffer | null
  attempts: number
  unknowns: number
  /** A worker had it before and was gone before it stored what came of it. */
  wasLeft: boolean
  /** Seconds until it is of no use any more; negative when that is past. */
  secondsLeft: number
  leaseToken: string
}

/**
 * The rows are locked in the order of the index and those that another worker has locked are passed over, so workers
 * do not wait for each other. A row that is being sent is one that is due again when its lease ends.
 */
const claimStatement = {
  name: 'claim_deliveries',
  text: `with moment as (
      select coalesce($2::timestamptz, clock_timestamp()) as at
    ), due as (
      select user_id, id, lease_token from delivery
      where channel = $1 and state in ('QUEUED', 'SENDING')
        and due_at <= coalesce($2::timestamptz, clock_timestamp())
      order by due_at limit $3 for update skip locked
    )
    update delivery d set state = 'SENDING', lease_token = $4, due_at = at + make_interval(secs => ${leaseSeconds}),
      attempts = d.attempts + 1
    from due, moment where d.user_id = due.user_id and d.id = due.id
    returning d.user_id as "userId", d.id, d.account_id as "accountId", d.channel, d.message,
      d.address_id as "addressId", d.address, d.language, d.time_zone as "timeZone", d.content, d.secrets, d.attempts,
      d.unknowns, due.lease_token is not null as "wasLeft",
      extract(epoch from d.expires_at - at)::float8 as "secondsLeft", d.lease_token as "leaseToken"`,
}

/** Takes what has been due longest, at most so many. */
export async function claimDeliveries(
  statements: StatementPool,
  clock: Clock,
  channel: CarriedChannel,
  most: number,
): Promise<ClaimedDelivery[]> {
  return statements.write(claimStatement, [channel, timeForDatabase(clock), most, randomUUID()])
}

const dueStatement = {
  name: 'find_due_channels',
  text: `with moment as (select coalesce($1::timestamptz, clock_timestamp()) as at)
    select channel, extract(epoch from at - due_at)::float8 as seconds
    from moment, unnest($2::text[]) as lane (channel) cross join lateral (
      select due_at from delivery
      where delivery.channel = lane.channel and state in ('QUEUED', 'SENDING') order by due_at limit 1
    ) as first where due_at <= at`,
}

/** @returns the channels on which something is due, with how long the oldest has been, in seconds */
export async function findDueChannels(
  statements: StatementPool,
  clock: Clock,
  channels: readonly CarriedChannel[],
): Promise<ReadonlyMap<CarriedChannel, number>> {
  const rows = await statements.run<{ channel: CarriedChannel; seconds: number }>(dueStatement, [
    timeForDatabase(clock),
    channels,
  ])
  return new Map(rows.map(({ channel, seconds }) => [channel, seconds]))
}
