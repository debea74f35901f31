import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { DeliveryReason } from '../../graphql/generated.ts'

/** Why a message was not sent, or not received, as a sentence. */
export const deliveryReasonWords: Record<DeliveryReason, MessageDescriptor> = {
  NOT_CONFIGURED: msg`This server is not set up for it.`,
  ADDRESS_GONE: msg`The address is not there any more.`,
  ADDRESS_UNPROVEN: msg`The address is not proven.`,
  ADDRESS_BLOCKED: msg`The address is blocked.`,
  OPTED_OUT: msg`You opted out.`,
  TOO_LATE: msg`It would have come too late.`,
  ADDRESS_INVALID: msg`The carrier knows no such address.`,
  MESSAGE_REFUSED: msg`The carrier refused the message.`,
  CARRIER_REFUSED: msg`The carrier refuses this server. Tell whoever runs it.`,
  CARRIER_UNREACHABLE: msg`The carrier could not be reached.`,
  CARRIER_BUSY: msg`The carrier is too busy.`,
  CARRIER_FAILED: msg`The carrier failed.`,
  OUTCOME_UNKNOWN: msg`Nobody can say what became of it.`,
  UNDELIVERED: msg`It did not arrive: switched off, out of reach or full.`,
  BOUNCED: msg`The mail came back.`,
  COMPLAINED: msg`It was marked as spam.`,
  NO_ANSWER: msg`Nobody took the call.`,
  FAULT: msg`The server made a mistake.`,
}
