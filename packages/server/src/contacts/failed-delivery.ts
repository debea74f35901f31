import type { Context } from '../context.ts'
import type { Outcome } from '../delivery/carrier.ts'
import { Channel } from '../delivery/channel.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import type { Way } from '../delivery/delivery.entity.ts'
import { statusIn } from '../delivery/inbound/mail-report.ts'
import { blockAndTell, countTrouble } from './blocked-address.ts'
import { BlockedReason } from './blocked-reason.ts'

interface Failed {
  delivery: Pick<Way, 'channel' | 'address'> & { userId: string; id: string }
  outcome: Extract<Outcome, { kind: 'permanent' | 'passing' }>
}

/**
 * What a carrier said when it was handed a message does to the address what it does in a report later: a number that
 * opted out is blocked, and so is a mailbox that is not there; mail that a mailbox did not take until it expired is
 * counted.
 */
export async function followFailure(
  scene: Pick<Context, 'em' | 'clock' | 'origin' | 'deliveries'>,
  { delivery, outcome }: Failed,
): Promise<void> {
  const { channel, address, userId, id: deliveryId } = delivery
  const isMail = channel === Channel.EMAIL
  const fault = {
    channel,
    addressKey: isMail ? address.toLowerCase() : address,
    detail: outcome.detail,
    userId,
  }
  const reason = blockOf(channel, outcome)
  if (!reason && !(isMail && isTrouble(outcome))) return

  await scene.em.fork().transactional(async (tx) => {
    if (reason) await blockAndTell(scene, tx, { ...fault, reason })
    else await countTrouble(scene, tx, { ...fault, deliveryId })
  })
  scene.deliveries.wake()
}

function blockOf(channel: Channel, { kind, reason }: Failed['outcome']): BlockedReason | undefined {
  if (kind !== 'permanent') return undefined
  const canOptOut = channel === Channel.SMS || channel === Channel.WHATSAPP
  if (canOptOut && reason === DeliveryReason.OPTED_OUT) return BlockedReason.OPTED_OUT
  return channel === Channel.EMAIL && reason === DeliveryReason.ADDRESS_INVALID
    ? BlockedReason.BOUNCE
    : undefined
}

/** A full mailbox, or one that was out of use until the mail expired; not when the relay had troubles of its own. */
function isTrouble({ kind, reason, detail }: Failed['outcome']): boolean {
  return kind === 'permanent'
    ? reason === DeliveryReason.UNDELIVERED
    : /^4\.[12]\./.test(statusIn(detail) ?? '')
}
