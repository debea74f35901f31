import { setTimeout as sleep } from 'node:timers/promises'

import type { StatementPool } from '../database/statements.ts'
import type { Clock } from '../lib/clock.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import type { Carriers } from './carrier.ts'
import type { CarriedChannel } from './channel.ts'
import { ChannelLane } from './channel-lane.ts'
import { CarrierGate } from './carrier-gate.ts'
import type { FailedDelivery, LaneParts } from './channel-lane.ts'
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
  /** What a failure says about the address: it is gone, it bounces, it opted out. */
  onFailure: (failed: FailedDelivery) => Promise<void>
  onError: (error: unknown) => void
}

/** Without a wake, something new is found this late. */
const pollMilliseconds = 1000

const channels: readonly CarriedChannel[] = Object.values(
  // Every channel but the inbox; the type sees to it that none is forgotten.
  { EMAIL: 'EMAIL', SMS: 'SMS', VOICE: 'VOICE', WHATSAPP: 'WHATSAPP', PUSH: 'PUSH', SLACK: 'SLACK' } as {
    [Name in CarriedChannel]: Name
  },
)

/**
 * Sends what is due. Each channel has a lane of its own, so that a carrier that is slow or down holds up nobody else's
 * messages. Any number of processes may run one.
 */
export class DeliveryWorker implements AsyncDisposable {
  readonly #lanes: readonly ChannelLane[]
  readonly #stopped = new AbortController()
  readonly #running: Promise<unknown>

  constructor(parts: DeliveryWorkerParts) {
    const { statements, clock, carriers } = parts
    const store = new OutcomeStore(statements, clock, () => this.wake())
    const gates = new Map<string, CarrierGate>()
    this.#lanes = channels.map((channel) => {
      const carrier = carriers[channel] ?? null
      const name = carrier?.name ?? 'none'
      const gate = gates.get(name) ?? new CarrierGate(statements, clock, name)
      gates.set(name, gate)
      return new ChannelLane({ ...parts, channel, carrier, gate, store })
    })
    this.#running = Promise.all(this.#lanes.map((lane) => this.#run(lane)))
  }

  /** Something may be due. */
  wake(): void {
    for (const lane of this.#lanes) lane.wake()
  }

  async #run(lane: ChannelLane): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      await Promise.race([lane.woken(), sleep(pollMilliseconds, undefined, { signal }).catch(() => {})])
      if (!signal.aborted) await lane.sendWhatIsDue(signal)
    }
    await lane.finish()
  }

  /** Takes nothing new on, and ends once what is under way has been stored. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort()
    this.wake()
    await this.#running
  }
}
