import type { StatementPool } from '../database/statements.ts'
import type { Clock } from '../lib/clock.ts'
import { WaitingLine } from '../lib/waiting-line.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import type { Carrier, Finding, Outcome, Parcel } from './carrier.ts'
import type { CarrierGate } from './carrier-gate.ts'
import type { CarriedChannel } from './channel.ts'
import { type ClaimedDelivery, claimDeliveries, leaseSeconds } from './claiming.ts'
import { DeliveryReason } from './delivery-reason.ts'
import { referenceOf } from './delivery-reference.ts'
import type { AddressBook, AddressQuery, Destination, Whereabouts } from './destination.ts'
import { type Message, messageTraits } from './message.ts'
import type { OutcomeStore, StoredOutcome } from './outcome-store.ts'
import type { RenderedMessage } from './rendered-message.ts'
import { readStoredMessage } from './stored-message.ts'

/** A carrier has answered by then, or the outcome is unknown; stored before the lease is over. */
const carrierMilliseconds = 7500
/** What was claimed has its place at the carrier by then, or is put back: its lease must outlast the carrier. */
const longestWaitMilliseconds = leaseSeconds * 1000 - carrierMilliseconds - 500

/** Waits between attempts, in seconds, each made up to half shorter or longer. Source: R-04; later ones as mail does. */
const waits = [1, 4, 15, 60, 300, 900] as const
/** An attempt of unknown outcome is made again after so long, once. Source: R-03. */
const unknownSeconds = 30
const mostUnknowns = 2

/** So many that the carrier has answered may wait to be stored. */
const mostUnstored = 500

/** Claims are made for at least so many free places at once. */
const leastClaimed = 20

export interface FailedDelivery {
  delivery: ClaimedDelivery
  outcome: Extract<Outcome, { kind: 'permanent' | 'passing' }>
}

export interface LaneParts {
  statements: StatementPool
  clock: Clock
  sealing: SealingKeys
  channel: CarriedChannel
  carrier: Carrier | null
  gate: CarrierGate
  store: OutcomeStore
  book: AddressBook
  write(
    delivery: ClaimedDelivery,
    message: Message,
    to: Destination,
    reference: string,
  ): Promise<RenderedMessage>
  onFailure(failed: FailedDelivery): Promise<void>
  onOutcome(channel: CarriedChannel, state: StoredOutcome['state']): void
  onError(error: unknown): void
}

/** The deliveries of one channel, as many at once as its carrier likes. */
export class ChannelLane {
  readonly #parts: LaneParts
  /** From the claim to the stored outcome. */
  readonly #underWay = new Set<Promise<void>>()
  /** The places at the carrier. */
  readonly #line: WaitingLine
  readonly #mostBegun: number
  /** Claimed, and not yet answered by the carrier. */
  #begun = 0
  #wake = Promise.withResolvers<void>()
  #answered = Promise.withResolvers<void>()

  constructor(parts: LaneParts) {
    this.#parts = parts
    const places = parts.carrier?.concurrency ?? leastClaimed
    this.#line = new WaitingLine({ atOnce: places, waiting: Infinity })
    // As many wait for a place as there are places: a carrier need not wait for the database.
    this.#mostBegun = 2 * places
  }

  wake(): void {
    this.#wake.resolve()
  }

  /** Ends once the signal aborts and what is under way is stored. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#wake.promise
      this.#wake = Promise.withResolvers<void>()
      await this.#sendWhatIsDue(signal)
    }
    await Promise.all(this.#underWay)
  }

  /** Goes on until nothing is due, or the carrier is not to be disturbed. */
  async #sendWhatIsDue(signal: AbortSignal): Promise<void> {
    const { statements, clock, channel, carrier, gate, onError } = this.#parts
    try {
      while (!signal.aborted) {
        await this.#waitUntilFewer()
        const free = this.#mostBegun - this.#begun
        const most = carrier ? await gate.pass(free) : free
        if (most === 0) return
        const claimed = await claimDeliveries(statements, clock, channel, most)
        if (claimed.length > 0) this.#begin(claimed)
        if (claimed.length < most || most < free) return
      }
    } catch (error) {
      onError(error)
    }
  }

  async #waitUntilFewer(): Promise<void> {
    const most = this.#mostBegun
    const enough = Math.min(leastClaimed, most)
    while (most - this.#begun < enough || this.#underWay.size > most + mostUnstored) {
      this.#answered = Promise.withResolvers<void>()
      await this.#answered.promise
    }
  }

  #begin(claimed: readonly ClaimedDelivery[]): void {
    const { book, onError } = this.#parts
    const looked = book.look(claimed.map(queryOf))
    this.#begun += claimed.length
    for (const [index, delivery] of claimed.entries()) {
      let isBegun = true
      const onAnswer = () => {
        if (isBegun) this.#begun -= 1
        isBegun = false
        this.#answered.resolve()
      }
      // One answer for each query.
      const whereabouts = looked.then((found) => found[index] as Whereabouts)
      const carried: Promise<void> = this.#carry(delivery, whereabouts, onAnswer)
        .catch(onError)
        .finally(() => {
          this.#underWay.delete(carried)
          onAnswer()
        })
      this.#underWay.add(carried)
    }
  }

  /** From the claim to the stored outcome. What is thrown leaves the lease to run out. */
  async #carry(
    delivery: ClaimedDelivery,
    lookedUp: Promise<Whereabouts>,
    onAnswer: () => void,
  ): Promise<void> {
    const { carrier } = this.#parts
    if (!carrier) {
      await this.#store(suppressed(delivery, DeliveryReason.NOT_CONFIGURED))
      return
    }
    if (delivery.wasLeft && !carrier.repeatsSafely) {
      await this.#store(afterUnknown(delivery, carrier, 'the process that sent it was gone'))
      return
    }
    const whereabouts = await lookedUp
    if (!whereabouts.usable) {
      await this.#store(suppressed(delivery, whereabouts.reason))
    } else if (delivery.secondsLeft <= 0) {
      await this.#store(suppressed(delivery, DeliveryReason.TOO_LATE))
    } else {
      await this.#hand(delivery, carrier, whereabouts.to, onAnswer)
    }
  }

  async #hand(
    delivery: ClaimedDelivery,
    carrier: Carrier,
    to: Destination,
    onAnswer: () => void,
  ): Promise<void> {
    const claimedAt = performance.now()
    const { gate, book, onFailure } = this.#parts
    const parcel = await this.#pack(delivery, to)
    if (!parcel) {
      await this.#store({ ...suppressed(delivery, DeliveryReason.FAULT), state: 'FAILED' })
      return
    }

    const outcome = await this.#line.run(async () => {
      // While this one waited for its place the gate may have closed, or too little may be left of the lease.
      if (gate.isClosed || performance.now() - claimedAt > longestWaitMilliseconds) return null
      const answer = await this.#askOrSend(delivery, carrier, parcel)
      await this.#tellGate(answer)
      return answer
    })
    if (!outcome) {
      onAnswer()
      await this.#store({ ...nothingOf(delivery), state: 'SENDING', dueInSeconds: 1, isPutBack: true })
      return
    }
    onAnswer()

    const stored = storedOutcome(delivery, carrier, outcome)
    const isOurs = await this.#store(stored)
    if (!isOurs) return
    if (outcome.kind === 'permanent' && outcome.addressGone) await book.forget(queryOf(delivery))
    if (stored.state === 'FAILED' && (outcome.kind === 'permanent' || outcome.kind === 'passing')) {
      await onFailure({ delivery, outcome })
    }
  }

  /** Before another one takes the place at the carrier. */
  async #tellGate(outcome: Outcome): Promise<void> {
    const { gate } = this.#parts
    const isPassing = outcome.kind === 'passing'
    await gate.count(outcome.kind === 'unknown' || (isPassing && outcome.isCarriersFault !== false))
    if (isPassing && outcome.pauseSeconds !== undefined) await gate.pause(outcome.pauseSeconds)
  }

  /** @returns false when somebody else has the delivery by now */
  async #store(outcome: StoredOutcome): Promise<boolean> {
    const { store, channel, onOutcome } = this.#parts
    const isOurs = await store.store(outcome)
    if (isOurs) onOutcome(channel, outcome.state)
    return isOurs
  }

  /** After an attempt of unknown outcome the carrier is asked first, if it can be. */
  async #askOrSend({ unknowns }: ClaimedDelivery, carrier: Carrier, parcel: Parcel): Promise<Outcome> {
    const overdue = new AbortController()
    const timer = setTimeout(() => overdue.abort(new Error('given up')), carrierMilliseconds)
    try {
      const finding = unknowns > 0 ? await carrier.lookUp?.(parcel, overdue.signal) : undefined
      const found = finding && outcomeOf(finding)
      return found ?? (await carrier.send(parcel, overdue.signal))
    } finally {
      clearTimeout(timer)
    }
  }

  /** @returns undefined when it cannot be put together, which is a mistake of ours and told to the log */
  async #pack(delivery: ClaimedDelivery, to: Destination): Promise<Parcel | undefined> {
    const { sealing, write, onError } = this.#parts
    const { userId, id, secondsLeft } = delivery
    try {
      const reference = referenceOf(sealing, { userId, deliveryId: id })
      const message = readStoredMessage(sealing, delivery)
      return {
        userId,
        deliveryId: id,
        attemptKey: id,
        reference,
        to,
        message: await write(delivery, message, to, reference),
        lifeSeconds: Math.ceil(secondsLeft),
      }
    } catch (error) {
      onError(error)
      return undefined
    }
  }
}

function queryOf({ userId, channel, addressId, address, message }: ClaimedDelivery): AddressQuery {
  return { userId, channel, addressId, address, forProof: messageTraits[message].class === 'code' }
}

function outcomeOf(finding: Finding): Outcome | undefined {
  if (finding.kind !== 'found') return undefined
  const { carrierId, carrierStatus, state } = finding
  return state === 'undelivered'
    ? { kind: 'permanent', reason: DeliveryReason.UNDELIVERED, detail: carrierStatus }
    : { kind: 'accepted', carrierId, carrierStatus, delivered: state === 'delivered' }
}

function storedOutcome(delivery: ClaimedDelivery, carrier: Carrier, outcome: Outcome): StoredOutcome {
  if (outcome.kind === 'passing') return afterPassing(delivery, carrier, outcome)
  if (outcome.kind === 'unknown') return afterUnknown(delivery, carrier, outcome.detail)
  if (outcome.kind === 'permanent') {
    const { reason, detail } = outcome
    return { ...nothingOf(delivery), carrier: carrier.name, state: 'FAILED', reason, detail }
  }
  const { carrierId, carrierStatus, delivered = false } = outcome
  const state = delivered ? 'DELIVERED' : 'SENT'
  const arrived = delivered || !carrier.reportsArrival
  return { ...nothingOf(delivery), carrier: carrier.name, state, carrierId, carrierStatus, arrived }
}

/** Tried again, unless it would be of no use by then. */
function afterPassing(
  delivery: ClaimedDelivery,
  { name: carrier }: Carrier,
  { reason, detail, pauseSeconds = 0 }: Extract<Outcome, { kind: 'passing' }>,
): StoredOutcome {
  const wait = waits[Math.min(delivery.attempts, waits.length) - 1] ?? waits[0]
  const dueInSeconds = Math.max(pauseSeconds, wait * (0.5 + Math.random()))
  return dueInSeconds < delivery.secondsLeft
    ? { ...nothingOf(delivery), carrier, state: 'SENDING', detail, dueInSeconds }
    : { ...nothingOf(delivery), carrier, state: 'FAILED', reason, detail }
}

/** Made again once, or as often as one likes where that does no harm; then nobody can say. */
function afterUnknown(delivery: ClaimedDelivery, carrier: Carrier, detail: string): StoredOutcome {
  const { name, repeatsSafely } = carrier
  const reason = DeliveryReason.OUTCOME_UNKNOWN
  if (repeatsSafely)
    return { ...afterPassing(delivery, carrier, { kind: 'passing', reason, detail }), isUnknown: true }
  const outcome = { ...nothingOf(delivery), carrier: name, detail, isUnknown: true }
  return delivery.unknowns + 1 < mostUnknowns && unknownSeconds < delivery.secondsLeft
    ? { ...outcome, state: 'SENDING', dueInSeconds: unknownSeconds }
    : { ...outcome, state: 'FAILED', reason }
}

function suppressed(delivery: ClaimedDelivery, reason: DeliveryReason): StoredOutcome {
  return { ...nothingOf(delivery), state: 'SUPPRESSED', reason }
}

function nothingOf(delivery: ClaimedDelivery): Omit<StoredOutcome, 'state'> {
  return {
    delivery,
    reason: null,
    detail: null,
    carrier: null,
    carrierId: null,
    carrierStatus: null,
    dueInSeconds: null,
    isUnknown: false,
    isPutBack: false,
    arrived: false,
  }
}
