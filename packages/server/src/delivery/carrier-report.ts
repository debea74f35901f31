import type { Statements } from '../database/statements.ts'
import { type Clock, timeForDatabase } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import type { DeliveryKey } from './delivery-reference.ts'
import type { DeliveryReason } from './delivery-reason.ts'
import { settling, stateOrder } from './settling.ts'

/** What a carrier tells of a delivery after it has accepted it. */
export interface CarrierReport {
  carrier: string
  /** The carrier's name for the message, where it tells one. */
  carrierId?: string
  /** The carrier's own word. */
  carrierStatus: string
  /** UNDELIVERED also for what the carrier calls failed: it had accepted it. */
  state: 'SENT' | 'DELIVERED' | 'UNDELIVERED'
  /** Needed with UNDELIVERED. */
  reason?: DeliveryReason
  detail?: string
}

/**
 * A report may come before we have stored that the carrier accepted the message, twice, or out of order: only one that
 * leads forward counts. What we gave up because nobody could say what became of it is settled by whatever comes.
 */
const reportStatement = {
  name: 'record_carrier_report',
  text: `with moment as (
      select coalesce($9::timestamptz, clock_timestamp()) as at
    ), settled as (
      update delivery d set state = $5, carrier = $3, carrier_id = coalesce($4, d.carrier_id), carrier_status = $6,
        reason = $7, detail = $8, sent_at = coalesce(d.sent_at, at),
        delivered_at = case when $5 = 'DELIVERED' then at else d.delivered_at end,
        failed_at = case when $5 = 'UNDELIVERED' then at end,
        secrets = case when $5 = 'SENT' and d.channel = 'VOICE' then d.secrets end
      from moment
      where d.user_id = $1 and d.id = $2 and (d.reason = 'OUTCOME_UNKNOWN'
        or array_position(${stateOrder}, d.state) < array_position(${stateOrder}, $5))
      returning d.*, $10::uuid as next_id, $5 = 'DELIVERED' as arrived
    ), ${settling.parts}
    select ${settling.announced} as told, (select count(*) from settled) as changed,
      (select count(*) from next_way) as next`,
}

/**
 * Applies a report in the caller's transaction.
 * @returns whether it changed anything, and whether the next way was taken and a worker is to be woken
 */
export async function recordCarrierReport(
  statements: Statements,
  clock: Clock,
  { userId, deliveryId }: DeliveryKey,
  report: CarrierReport,
): Promise<{ changed: boolean; nextWayTaken: boolean }> {
  const [row] = await statements.run<{ changed: string; next: string }>(reportStatement, [
    userId,
    deliveryId,
    report.carrier,
    report.carrierId ?? null,
    report.state,
    report.carrierStatus.slice(0, 100),
    report.reason ?? null,
    report.detail?.slice(0, 500) ?? null,
    timeForDatabase(clock),
    newId(clock.now()),
  ])
  return { changed: Number(row?.changed) > 0, nextWayTaken: Number(row?.next) > 0 }
}
