import { setTimeout as sleep } from 'node:timers/promises'

import type { EntityManager } from '@mikro-orm/postgresql'

import type { StatementPool } from '../database/statements.ts'
import { type Clock, timeForDatabase } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import type { CarriedChannel } from './channel.ts'
import type { Way } from './delivery.entity.ts'
import { type Message, messageTraits } from './message.ts'

/** Tells every worker that something is due. */
export const deliveryDueTopic = 'delivery_due'

export interface NewDelivery {
  userId: string
  /** The account it is about, if it is about one. */
  accountId?: string
  message: Message
  recipient: { language: string; timeZone: string }
  /** The first is tried; another only when the one before fails for good without having been accepted. */
  ways: readonly [Way, ...Way[]]
  /** Somebody waits for it at a page. */
  live?: boolean
}

/** How the sealed part of a delivery is bound to its row. */
export function bindingOfDelivery(id: string): string {
  return `delivery:${id}`
}

const insertDelivery = `insert into delivery (user_id, id, account_id, channel, message, address_id, address, language,
    time_zone, content, secrets, next_ways, live, due_at, expires_at, created_at)
  select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, at, at + make_interval(secs => ?), at
  from coalesce(?::timestamptz, clock_timestamp()) as at`

const wakeStatement = {
  name: 'wake_delivery',
  text: "select set_config('synchronous_commit', 'off', true), pg_notify($1, '')",
}

/** So long further wakes are gathered: NOTIFY lets one transaction of the database commit at a time. */
const gatherMilliseconds = 5

/** Where the rest of the server hands in messages to people. */
export class DeliveryDesk implements AsyncDisposable {
  readonly #statements: StatementPool
  readonly #sealing: SealingKeys
  readonly #clock: Clock
  readonly #configured: ReadonlySet<CarriedChannel>
  readonly #onError: (error: unknown) => void
  #isWakeWanted = false
  #waking: Promise<void> | undefined

  constructor(parts: {
    statements: StatementPool
    sealing: SealingKeys
    clock: Clock
    /** The channels that have a carrier, the catcher among them. */
    configured: ReadonlySet<CarriedChannel>
    onError: (error: unknown) => void
  }) {
    this.#statements = parts.statements
    this.#sealing = parts.sealing
    this.#clock = parts.clock
    this.#configured = parts.configured
    this.#onError = parts.onError
  }

  /** Whether what is queued for the channel can be sent, or is caught. Source: decision 29. */
  isConfigured(channel: CarriedChannel): boolean {
    return this.#configured.has(channel)
  }

  /**
   * Writes a delivery in the transaction of what it tells of: it goes out if that commits, and only then. Call `wake`
   * after the commit, or it waits for the next look of a worker, a second at most.
   * @returns its id
   */
  async queue(tx: EntityManager, delivery: NewDelivery): Promise<string> {
    const { userId, message, recipient, live = false } = delivery
    const [first, ...nextWays] = delivery.ways
    const id = newId(this.#clock.now())
    const secrets = message.secrets
      ? this.#sealing.seal(JSON.stringify(message.secrets), bindingOfDelivery(id))
      : null
    await tx.execute(insertDelivery, [
      userId,
      id,
      delivery.accountId ?? null,
      first.channel,
      message.kind,
      first.addressId,
      first.address,
      recipient.language,
      recipient.timeZone,
      JSON.stringify(message.values),
      secrets,
      JSON.stringify(nextWays),
      live,
      messageTraits[message.kind].lifeSeconds,
      timeForDatabase(this.#clock),
    ])
    return id
  }

  /** Has the workers look at once. A hint: they look every second in any case. */
  wake(): void {
    this.#isWakeWanted = true
    this.#waking ??= this.#wakeAll()
  }

  async #wakeAll(): Promise<void> {
    while (this.#isWakeWanted) {
      this.#isWakeWanted = false
      await this.#statements.write(wakeStatement, [deliveryDueTopic]).catch(this.#onError)
      await sleep(gatherMilliseconds)
    }
    this.#waking = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#waking
  }
}
