import { setTimeout as sleep } from 'node:timers/promises'

import type { StatementPool } from '../database/statements.ts'
import { type Clock, timeForDatabase } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import type { ClaimedDelivery } from './claiming.ts'
import type { DeliveryReason } from './delivery-reason.ts'
import { settling, stateOrder } from './settling.ts'

/** What came of a claimed delivery, as it is stored. */
export interface StoredOutcome {
  delivery: Pick<ClaimedDelivery, 'userId' | 'id' | 'leaseToken'>
  /** SENDING: it is due again after `dueInSeconds`. */
  state: 'SENDING' | 'SENT' | 'DELIVERED' | 'FAILED' | 'SUPPRESSED'
  reason: DeliveryReason | null
  detail: string | null
  carrier: string | null
  carrierId: string | null
  carrierStatus: string | null
  dueInSeconds: number | null
  /** What became of the attempt could not be told. */
  isUnknown: boolean
  /** It was not handed over, so the attempt does not count. */
  isPutBack: boolean
  /** The recipient has it, as far as anybody will ever tell. */
  arrived: boolean
}

/**
 * Fenced by the lease: a worker that was away for longer than its lease stores nothing. A report of the carrier may
 * have come first, and then the state stays where that put it.
 */
const storeStatement = {
  name: 'store_outcomes',
  text: `with moment as (
      select coalesce($1::timestamptz, clock_timestamp()) as at
    ), outcome as (
      select * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[], $11::float8[], $12::boolean[], $13::boolean[], $14::uuid[], $15::boolean[]) as o (user_id, id, lease_token, state,
        reason, detail, carrier, carrier_id, carrier_status, due_in_seconds, is_unknown, arrived, next_id, is_put_back)
      order by user_id, id
    ), stored as (
      update delivery d set
        state = case when o.is_ahead then o.state else d.state end,
        reason = case when o.is_ahead then o.reason else d.reason end,
        detail = case when o.is_ahead then o.detail else d.detail end,
        carrier = coalesce(o.carrier, d.carrier), carrier_id = coalesce(o.carrier_id, d.carrier_id),
        carrier_status = case when o.is_ahead then o.carrier_status else d.carrier_status end,
        lease_token = null,
        unknowns = d.unknowns + o.is_unknown::int,
        attempts = d.attempts - o.is_put_back::int,
        due_at = case when o.due_in_seconds is null then d.due_at
          else at + make_interval(secs => o.due_in_seconds) end,
        sent_at = case when o.state in ('SENT', 'DELIVERED') then coalesce(d.sent_at, at) else d.sent_at end,
        delivered_at = case when o.state = 'DELIVERED' then coalesce(d.delivered_at, at) else d.delivered_at end,
        failed_at = case when o.is_ahead and o.state in ('FAILED', 'SUPPRESSED') then at else d.failed_at end,
        secrets = case when o.state = 'SENDING' or (o.state = 'SENT' and d.channel = 'VOICE') then d.secrets end
      from (select outcome.*, array_position(${stateOrder}, outcome.state)
          >= array_position(${stateOrder}, found.state) as is_ahead
        from outcome join delivery found on found.user_id = outcome.user_id and found.id = outcome.id
          and found.lease_token = outcome.lease_token for update of found) o, moment
      where d.user_id = o.user_id and d.id = o.id
      returning d.*, o.next_id, o.arrived, o.is_ahead
    ), settled as (
      select * from stored where is_ahead
    ), ${settling.parts}
    select ${settling.announced} as told, (select count(*) from next_way) as next,
      (select coalesce(json_agg(id), '[]') from stored) as stored`,
}

/** Outcomes wait for each other so long; nobody waits for them, as the place at the carrier is free again by then. */
const gatherMilliseconds = 10
const mostAtOnce = 200

/** Stores outcomes, many in one statement. */
export class OutcomeStore {
  readonly #statements: StatementPool
  readonly #clock: Clock
  #waiting: {
    outcome: StoredOutcome
    settle: (isStored: boolean) => void
    fail: (error: unknown) => void
  }[] = []
  #isStoring = false
  readonly #onNextWay: () => void

  constructor(statements: StatementPool, clock: Clock, onNextWay: () => void) {
    this.#statements = statements
    this.#clock = clock
    this.#onNextWay = onNextWay
  }

  /** @returns false when the lease was over and somebody else has the delivery by now */
  store(outcome: StoredOutcome): Promise<boolean> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ outcome, settle, fail })
      if (!this.#isStoring) void this.#storeAll()
    })
  }

  async #storeAll(): Promise<void> {
    this.#isStoring = true
    while (this.#waiting.length > 0) {
      if (this.#waiting.length < mostAtOnce) await sleep(gatherMilliseconds)
      const batch = this.#waiting.splice(0, mostAtOnce)
      try {
        const stored = await this.#storeBatch(batch.map(({ outcome }) => outcome))
        for (const { outcome, settle } of batch) settle(stored.has(outcome.delivery.id))
      } catch (error) {
        for (const { fail } of batch) fail(error)
      }
    }
    this.#isStoring = false
  }

  async #storeBatch(outcomes: readonly StoredOutcome[]): Promise<ReadonlySet<string>> {
    const now = this.#clock.now()
    const column = <Value>(of: (outcome: StoredOutcome) => Value) => outcomes.map(of)
    const [row] = await this.#statements.write<{ next: string; stored: string[] }>(storeStatement, [
      timeForDatabase(this.#clock),
      column(({ delivery }) => delivery.userId),
      column(({ delivery }) => delivery.id),
      column(({ delivery }) => delivery.leaseToken),
      column(({ state }) => state),
      column(({ reason }) => reason),
      column(({ detail }) => detail?.slice(0, 500) ?? null),
      column(({ carrier }) => carrier),
      column(({ carrierId }) => carrierId?.slice(0, 200) ?? null),
      column(({ carrierStatus }) => carrierStatus?.slice(0, 100) ?? null),
      column(({ dueInSeconds }) => dueInSeconds),
      column(({ isUnknown }) => isUnknown),
      column(({ arrived }) => arrived),
      column(() => newId(now)),
      column(({ isPutBack }) => isPutBack),
    ])
    if (Number(row?.next) > 0) this.#onNextWay()
    return new Set(row?.stored)
  }
}
