import type { StatementPool } from '../database/statements.ts'
import { type Clock, timeForDatabase } from '../lib/clock.ts'

/** So many outcomes are looked at, and the gate closes when half of them are failures. Source: R-04. */
const outcomesWatched = 20
/** A carrier that fails is asked once in so long, by one process. Source: R-04. */
const probeSeconds = 10

/**
 * One row says for all processes whether a carrier asked to be left alone, or fails. While it fails, whoever finds the
 * pause over and moves its end gets to send one message.
 */
const passStatement = {
  name: 'pass_carrier_gate',
  text: `with moment as (
      select coalesce($2::timestamptz, clock_timestamp()) as at
    ), probe as (
      update carrier_state set paused_until = at + make_interval(secs => ${probeSeconds})
      from moment where carrier = $1 and failing_since is not null and paused_until <= at returning 1
    )
    select exists (select from probe) as probing, exists (select from carrier_state, moment
      where carrier = $1 and (failing_since is not null or paused_until > at)) as closed`,
}
const pauseStatement = {
  name: 'pause_carrier',
  text: `insert into carrier_state (carrier, paused_until, failing_since)
    select $1, at + make_interval(secs => $3), case when $4 then at end
    from coalesce($2::timestamptz, clock_timestamp()) as at
    on conflict (carrier) do update set
      paused_until = greatest(carrier_state.paused_until, excluded.paused_until),
      failing_since = coalesce(carrier_state.failing_since, excluded.failing_since)`,
}
const openStatement = {
  name: 'open_carrier_gate',
  text: 'update carrier_state set failing_since = null, paused_until = null where carrier = $1 and failing_since is not null',
}

/** Keeps messages from a carrier that asked for quiet or does not work, in every process. */
export class CarrierGate {
  readonly #statements: StatementPool
  readonly #clock: Clock
  readonly #carrier: string
  #failures: boolean[] = []
  #isProbing = false
  #isClosed = false

  constructor(statements: StatementPool, clock: Clock, carrier: string) {
    this.#statements = statements
    this.#clock = clock
    this.#carrier = carrier
  }

  /** @returns how many messages may be claimed now, of `most` */
  async pass(most: number): Promise<number> {
    const [row] = await this.#statements.write<{ probing: boolean; closed: boolean }>(passStatement, [
      this.#carrier,
      timeForDatabase(this.#clock),
    ])
    this.#isClosed = row?.closed ?? false
    // Another channel of this carrier may ask while the one message is on its way: it stays the one that decides.
    if (row?.probing) this.#isProbing = true
    if (row?.probing) return 1
    return this.#isClosed ? 0 : most
  }

  /** As far as this process knows, since it last asked. */
  get isClosed(): boolean {
    return this.#isClosed && !this.#isProbing
  }

  /** The carrier asked for it, for everything of ours. */
  pause(seconds: number): Promise<void> {
    return this.#pause(seconds, false)
  }

  /** @param failed whether the carrier, not the message or the address, was at fault */
  async count(failed: boolean): Promise<void> {
    if (this.#isProbing) {
      this.#isProbing = false
      this.#failures = []
      if (!failed) await this.#statements.write(openStatement, [this.#carrier])
      return
    }
    this.#failures.push(failed)
    if (this.#failures.length > outcomesWatched) this.#failures.shift()
    const failures = this.#failures.filter(Boolean).length
    if (this.#failures.length === outcomesWatched && failures * 2 >= outcomesWatched) {
      this.#failures = []
      await this.#pause(probeSeconds, true)
    }
  }

  async #pause(seconds: number, isFailing: boolean): Promise<void> {
    this.#isClosed = true
    await this.#statements.write(pauseStatement, [
      this.#carrier,
      timeForDatabase(this.#clock),
      seconds,
      isFailing,
    ])
  }
}
