import type { Outcome } from '../carrier.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import { inBrief } from './in-brief.ts'

/** As nodemailer tells of what went wrong. */
export interface SmtpFault {
  code: string
  /** What was said last, as "RCPT TO". */
  command: string
  /** Of the server's reply, when it was a reply. */
  responseCode: number | undefined
  /** The whole reply, or what nodemailer says. */
  words: string
}

/** A mistake in our settings is one for every message: better to wait than to try each in turn. */
const refusalPauseSeconds = 60

/** @param isHandedOver the last byte of the message went out */
export function smtpOutcome(fault: SmtpFault, isHandedOver: boolean): Outcome {
  const { code, command, responseCode } = fault
  const detail = inBrief(fault.words)
  // Before the recipient is named it is we who are refused.
  if (code === 'EAUTH' || code === 'ENOAUTH' || responseCode === 530 || responseCode === 535) {
    return refusedUs(detail)
  }
  // The relay said how much it takes, and that is less; 552 is the same in its own words.
  const isTooLong = code === 'EMESSAGE' && responseCode === undefined
  if (isTooLong || (command === 'MAIL FROM' && responseCode === 552)) {
    return { kind: 'permanent', reason: DeliveryReason.MESSAGE_REFUSED, detail }
  }
  if (responseCode === undefined || responseCode < 400) {
    if (isHandedOver) return { kind: 'unknown', detail }
    return { kind: 'passing', reason: DeliveryReason.CARRIER_UNREACHABLE, detail }
  }
  if (responseCode < 500) {
    // A mailbox that is full, or greylisted.
    const isOfRecipient = command === 'RCPT TO'
    const whose = isOfRecipient ? { isCarriersFault: false } : {}
    return { kind: 'passing', reason: DeliveryReason.CARRIER_BUSY, detail, ...whose }
  }
  // Of the greeting, EHLO or the sender: nothing of it is the recipient's fault.
  if (command !== 'RCPT TO' && command !== 'DATA') return refusedUs(detail)
  return { kind: 'permanent', reason: reasonOf(command, fault.words), detail }
}

function refusedUs(detail: string): Outcome {
  return {
    kind: 'passing',
    reason: DeliveryReason.CARRIER_REFUSED,
    detail,
    pauseSeconds: refusalPauseSeconds,
  }
}

/** By the enhanced status code (RFC 3463), and by what was refused when there is none. */
function reasonOf(command: string, words: string): DeliveryReason {
  const enhanced = /\b5\.(?<subject>\d{1,3})\.(?<detail>\d{1,3})\b/.exec(words)?.groups
  switch (enhanced?.['subject']) {
    case undefined:
      return command === 'RCPT TO' ? DeliveryReason.ADDRESS_INVALID : DeliveryReason.MESSAGE_REFUSED
    case '1':
      // 5.1.7 and 5.1.8 are about the sender's address.
      return ['7', '8'].includes(enhanced['detail'] ?? '')
        ? DeliveryReason.MESSAGE_REFUSED
        : DeliveryReason.ADDRESS_INVALID
    case '2':
      // 5.2.1 is a mailbox that is switched off; others are full, or take no such message.
      return enhanced['detail'] === '1' ? DeliveryReason.ADDRESS_INVALID : DeliveryReason.UNDELIVERED
    default:
      return DeliveryReason.MESSAGE_REFUSED
  }
}
