import type { CarriedChannel, Channel } from './channel.ts'
import type { DeliveryReason } from './delivery-reason.ts'

/** An address as its carrier needs it. */
export type Destination =
  | { channel: Channel.EMAIL; address: string }
  | {
      channel: Channel.SMS | Channel.VOICE | Channel.WHATSAPP
      /** E.164. */
      number: string
      /** ISO 3166-1 alpha-2. */
      country: string
    }
  | {
      channel: Channel.PUSH
      endpoint: string
      p256dh: string
      auth: string
      /** What the person wants of pushes; the message is written accordingly. */
      wishes: { sound: string; persistentFrom: string; showsContent: boolean }
    }
  | { channel: Channel.SLACK; token: string; slackUserId: string; teamId: string }

/** What is asked about one delivery just before it is sent. */
export interface AddressQuery {
  userId: string
  channel: CarriedChannel
  /** Null for an address that is nobody's any more. */
  addressId: string | null
  address: string
  /** A code goes to an address that is not proven, and to a blocked one: that is what it is for. */
  forProof: boolean
}

export type Whereabouts = { usable: true; to: Destination } | { usable: false; reason: DeliveryReason }

/**
 * Whether an address is still there, proven and not blocked. `delivery/` knows addresses and not whose they are:
 * `contacts/` keeps the book.
 */
export interface AddressBook {
  /** @returns one answer for each query, in their order */
  look(queries: readonly AddressQuery[]): Promise<Whereabouts[]>
  /** The carrier says that nobody is there any more (404 or 410 of a push service, a revoked Slack link). */
  forget(query: AddressQuery): Promise<void>
}
