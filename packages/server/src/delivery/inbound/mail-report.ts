import { Channel } from '../channel.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import type { InboundParts } from './inbound-parts.ts'
import { recordReports, type Report } from './reports.ts'
import type { Scene } from './scene.ts'

/** What became of a mail, in the words that all mail carriers share. */
export type MailFate =
  | 'accepted'
  | 'delivered'
  /** It is still being tried. */
  | 'delayed'
  /** There is no such mailbox, for all we know for ever. */
  | 'bounced'
  /** It was given up, for a reason that may pass: full, out of reach, refused as it was. */
  | 'expired'
  /** The carrier did not want to carry it: the fault is with the message. */
  | 'refused'
  /** The recipient called it spam. */
  | 'complained'
  /** The recipient told the carrier to send nothing more. */
  | 'unsubscribed'
  /** The carrier kept it back, for what the recipient did about earlier mail. */
  | 'kept back: complained'
  | 'kept back: unsubscribed'

type Consequence = Pick<Report, 'state' | 'reason' | 'effect'>

/** Whoever complains or unsubscribes has the mail, so no other way is taken for it. */
const consequences: Record<MailFate, Consequence> = {
  accepted: { state: 'SENT' },
  delayed: { state: 'SENT' },
  delivered: { state: 'DELIVERED' },
  complained: { state: 'DELIVERED', effect: 'COMPLAINT' },
  bounced: { state: 'UNDELIVERED', reason: DeliveryReason.BOUNCED, effect: 'BOUNCE' },
  expired: { state: 'UNDELIVERED', reason: DeliveryReason.UNDELIVERED, effect: 'TROUBLE' },
  refused: { state: 'UNDELIVERED', reason: DeliveryReason.MESSAGE_REFUSED },
  unsubscribed: { state: 'DELIVERED', effect: 'OPTED_OUT' },
  'kept back: complained': {
    state: 'UNDELIVERED',
    reason: DeliveryReason.COMPLAINED,
    effect: 'COMPLAINT',
  },
  'kept back: unsubscribed': {
    state: 'UNDELIVERED',
    reason: DeliveryReason.OPTED_OUT,
    effect: 'OPTED_OUT',
  },
}

export interface MailReport {
  eventKey: string
  reference: string
  recipient: string
  fate: MailFate
  carrierId: string
  /** The carrier's own word. */
  carrierStatus: string
  /** What the other mail server said, where it is told. */
  detail: string
}

/** What a mail carrier's own fields of its webhooks carry the reference under. */
export const referenceField = 'delivery'

export function recordMailReports(
  scene: Scene,
  { addresses }: Pick<InboundParts, 'addresses'>,
  carrier: string,
  reports: readonly MailReport[],
): Promise<void> {
  const told = reports.map(({ fate, detail, carrierId, ...report }) => ({
    ...consequences[fate],
    ...report,
    carrier,
    ...(carrierId === '' ? {} : { carrierId: carrierId.slice(0, 200) }),
    ...(detail === '' ? {} : { detail: oneLine(detail) }),
  }))
  return recordReports(scene, addresses, carrier, [Channel.EMAIL], told)
}

/**
 * What a mail server meant by giving up, by its enhanced status code. 5.x.x is for ever, but a full mailbox (5.2.2)
 * empties, and a mail too long (5.2.3, 5.3.4), of the wrong kind (5.6.x) or against a policy (5.7.x) says nothing of
 * the mailbox. Source: RFC 3463, S-K1.
 */
export function fateOfStatus(status: string): 'bounced' | 'expired' {
  return /^5\.(?!2\.[23]$|3\.4$|[67]\.)\d{1,3}\.\d{1,3}$/.test(status) ? 'bounced' : 'expired'
}

/** The enhanced code in what a mail server said, as in "550 5.1.1 no such user". */
export function statusIn(text: string): string | undefined {
  return /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(text)?.[1]
}

function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 500)
}
