import { setTimeout as sleep } from 'node:timers/promises'

import type { StatementPool } from '../database/statements.ts'
import type { Clock } from '../lib/clock.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import type { Carriers } from './carrier.ts'
import { CarrierGate } from './carrier-gate.ts'
import type { CarriedChannel } from './channel.ts'
import { ChannelLane, type LaneParts } from './channel-lane.ts'
import { channels } from './channels.ts'
import { findDueChannels } from './claiming.ts'
import type { AddressBook } from './destination.ts'
import { OutcomeStore } from './outcome-store.ts'

export interface DeliveryWorkerParts {
  statements: StatementPool
  clock: Clock
  sealing: SealingKeys
  carriers: Carriers
  book: AddressBook
  /** Puts a delivery into words, for the address it goes to. */
  write: LaneParts['write']
  /** What a failure says about the address: that mail bounces, that somebody opted out. */
  onFailure: LaneParts['onFailure']
  /** Counts what was decided. */
  onOutcome: LaneParts['onOutcome']
  onError: (error: unknown) => void
}

/** Without a wake, something new is found this late. */
const pollMilliseconds = 1000

/**
 * Sends what is due. Each channel has a lane of its own, so that a carrier that is slow or down holds up nobody else's
 * messages. Any number of processes may run one.
 */
export class DeliveryWorker implements AsyncDisposable {
  readonly #parts: DeliveryWorkerParts
  readonly #lanes: ReadonlyMap<CarriedChannel, ChannelLane>
  readonly #stopped = new AbortController()
  readonly #running: Promise<unknown>
  #wake = Promise.withResolvers<void>()
  #secondsLate: ReadonlyMap<CarriedChannel, number> = new Map()

  constructor(parts: DeliveryWorkerParts) {
    this.#parts = parts
    const { statements, clock, carriers } = parts
    const store = new OutcomeStore(statements, clock, () => this.wake())
    const gates = new Map<string, CarrierGate>()
    const laneOf = (channel: CarriedChannel): ChannelLane => {
      const carrier = carriers[channel] ?? null
      const name = carrier?.name ?? 'none'
      const gate = gates.get(name) ?? new CarrierGate(statements, clock, name)
      gates.set(name, gate)
      return new ChannelLane({ ...parts, channel, carrier, gate, store })
    }
    this.#lanes = new Map(channels.map(({ channel }) => [channel, laneOf(channel)]))
    const lanes = Array.from(this.#lanes.values(), (lane) => lane.run(this.#stopped.signal))
    this.#running = Promise.all([this.#lookForWhatIsDue(), ...lanes])
  }

  /** Something may be due. */
  wake(): void {
    this.#wake.resolve()
  }

  /** How long the oldest delivery of each channel has been due, in seconds, when last looked; none where nothing is. */
  get secondsLate(): ReadonlyMap<CarriedChannel, number> {
    return this.#secondsLate
  }

  async #lookForWhatIsDue(): Promise<void> {
    const { statements, clock, onError } = this.#parts
    const { signal } = this.#stopped
    while (!signal.aborted) {
      // Before it looks: a wake while it does has it look again.
      this.#wake = Promise.withResolvers<void>()
      try {
        this.#secondsLate = await findDueChannels(statements, clock, [...this.#lanes.keys()])
        for (const channel of this.#secondsLate.keys()) this.#lanes.get(channel)?.wake()
      } catch (error) {
        onError(error)
      }
      await Promise.race([
        this.#wake.promise,
        sleep(pollMilliseconds, undefined, { signal }).catch(() => {}),
      ])
      this.#wake = Promise.withResolvers<void>()
    }
  }

  /** Takes nothing new on, and ends once what is under way has been stored. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort()
    this.wake()
    for (const lane of this.#lanes.values()) lane.wake()
    await this.#running
  }
}
