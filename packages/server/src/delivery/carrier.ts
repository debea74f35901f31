import type { CarriedChannel } from './channel.ts'
import type { DeliveryReason } from './delivery-reason.ts'
import type { RenderedMessage } from './rendered-message.ts'
import type { Destination } from './destination.ts'

/** One message on its way to one address. */
export interface Parcel {
  userId: string
  deliveryId: string
  /** The same in every attempt: a carrier that knows such keys does not send twice. */
  attemptKey: string
  /** Names the delivery in callback URLs and bounce addresses, and cannot be made up. */
  reference: string
  to: Destination
  message: RenderedMessage
  /** How long it is of use. */
  lifeSeconds: number
}

/** What came of handing a parcel over. */
export type Outcome =
  /** The carrier has it. `delivered` when it says that the recipient has it as well. */
  | { kind: 'accepted'; carrierId: string | null; carrierStatus: string; delivered?: boolean }
  /** It may pass: it is tried again. */
  | {
      kind: 'passing'
      reason: DeliveryReason
      detail: string
      /** The carrier asks us to wait so long with everything, not with this message alone. */
      pauseSeconds?: number
      /** False when only this message or address must wait, as for a full mailbox; the breaker does not count it. */
      isCarriersFault?: boolean
    }
  /** It will not pass, so the next way is taken at once. `addressGone`: this address is of no more use to anybody. */
  | { kind: 'permanent'; reason: DeliveryReason; detail: string; addressGone?: boolean }
  /** It was handed over and no answer came, or none that says anything: it may be on its way. */
  | { kind: 'unknown'; detail: string }

/** What the carrier says about an attempt of unknown outcome. */
export type Finding =
  | { kind: 'found'; carrierId: string; carrierStatus: string; state: 'sent' | 'delivered' | 'undelivered' }
  | { kind: 'absent' }
  /** It cannot be asked, or does not know such keys. */
  | { kind: 'unanswered' }

/** Who takes messages out of the house, over one or several channels. */
export interface Carrier {
  /** As the recipient and the operator read it: "twilio". */
  readonly name: string
  /** Messages of one process that may be on their way at once. */
  readonly concurrency: number
  /** It tells later whether a message arrived; without that, accepted is as much as anybody learns. */
  readonly reportsArrival?: boolean
  /** A second sending with the same key does no harm: it replaces the first, or is recognised. */
  readonly repeatsSafely?: boolean
  /**
   * Hands one parcel over; has given up by the time the signal aborts. What goes wrong at the carrier is an outcome;
   * only a mistake of ours is thrown.
   */
  send(parcel: Parcel, signal: AbortSignal): Promise<Outcome>
  /** Asks what became of an attempt whose outcome is unknown. Absent: this carrier cannot be asked. */
  lookUp?(parcel: Parcel, signal: AbortSignal): Promise<Finding>
}

/** The carrier of each channel that this server has one for. */
export type Carriers = Readonly<Partial<Record<CarriedChannel, Carrier>>>
