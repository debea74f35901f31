import { registerEnumType } from 'type-graphql'

/** Why a delivery was not sent, or not received. */
export enum DeliveryReason {
  /** This server has no carrier for the channel. */
  NOT_CONFIGURED = 'NOT_CONFIGURED',
  ADDRESS_GONE = 'ADDRESS_GONE',
  ADDRESS_UNPROVEN = 'ADDRESS_UNPROVEN',
  ADDRESS_BLOCKED = 'ADDRESS_BLOCKED',
  /** The person opted out by STOP, or by unsubscribing. */
  OPTED_OUT = 'OPTED_OUT',
  /** It was of no use any more when its turn came. */
  TOO_LATE = 'TOO_LATE',
  /** The carrier knows no such address. */
  ADDRESS_INVALID = 'ADDRESS_INVALID',
  /** The carrier will not carry this message: its template, its length, its content. */
  MESSAGE_REFUSED = 'MESSAGE_REFUSED',
  /** The carrier does not take our credentials, or has no more credit for us. */
  CARRIER_REFUSED = 'CARRIER_REFUSED',
  CARRIER_UNREACHABLE = 'CARRIER_UNREACHABLE',
  CARRIER_BUSY = 'CARRIER_BUSY',
  CARRIER_FAILED = 'CARRIER_FAILED',
  /** It was handed over twice, and nobody can say what became of it. */
  OUTCOME_UNKNOWN = 'OUTCOME_UNKNOWN',
  /** Accepted, and then not delivered: switched off, out of reach, full, filtered. */
  UNDELIVERED = 'UNDELIVERED',
  BOUNCED = 'BOUNCED',
  COMPLAINED = 'COMPLAINED',
  /** A call that nobody took. */
  NO_ANSWER = 'NO_ANSWER',
  /** A mistake of ours; the log has more under the delivery's id. */
  FAULT = 'FAULT',
}
registerEnumType(DeliveryReason, { name: 'DeliveryReason' })
