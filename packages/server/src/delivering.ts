import type { Config } from './config.ts'
import { addressBook } from './contacts/address-book.ts'
import { addressEffects } from './contacts/address-effects.ts'
import { emailBook } from './contacts/email-book.ts'
import { phoneBook } from './contacts/phone-book.ts'
import { pushAddressBook } from './contacts/push-address-book.ts'
import type { Context } from './context.ts'
import type { Carriers } from './delivery/carrier.ts'
import { createCarriers } from './delivery/carriers/create-carriers.ts'
import { Catcher } from './delivery/catcher.ts'
import { Channel } from './delivery/channel.ts'
import type { FailedDelivery, LaneParts } from './delivery/channel-lane.ts'
import { DeliveryReason } from './delivery/delivery-reason.ts'
import { DeliveryWorker } from './delivery/delivery-worker.ts'
import { inTransaction, type Scene } from './delivery/inbound/scene.ts'
import { type MessageKind, messageTraits } from './delivery/message.ts'
import { renderMessage } from './delivery/texts/render-message.ts'
import type { VapidKeys } from './delivery/vapid-keys.ts'
import { languageOf } from './language.ts'
import type { OutboundHttp } from './lib/outbound-http.ts'

interface DeliveringParts extends Pick<Context, 'statements' | 'clock' | 'sealing'> {
  config: Config
  http: OutboundHttp
  vapidKeys: VapidKeys
  /** What is done because a carrier refused an address. */
  createScene(): Scene
  onOutcome: LaneParts['onOutcome']
  onError(error: unknown): void
}

/** Joins the spine, which knows messages, carriers and addresses, with the people whose addresses they are. */
export function startDelivering(
  parts: DeliveringParts,
): AsyncDisposable & Pick<DeliveryWorker, 'wake' | 'secondsLate'> {
  const { config, statements, clock, sealing, http, vapidKeys, createScene, onOutcome, onError } = parts
  const carriers = createCarriers(config, { http, clock, vapidKeys })
  const push = pushAddressBook({ statements, sealing, clock, onError })
  const worker = new DeliveryWorker({
    statements,
    clock,
    sealing,
    carriers: config.catcher ? withCatcher(carriers, new Catcher(statements, clock), config) : carriers,
    book: addressBook(statements, [
      emailBook,
      phoneBook,
      {
        channels: [Channel.PUSH],
        look: (_, queries) => push.look(queries),
        forget: (_, query) => push.forget(query),
      },
    ]),
    write: writer(parts),
    onFailure: (failed) => tellAddress(createScene(), failed),
    onOutcome,
    onError,
  })
  return {
    wake: () => worker.wake(),
    get secondsLate() {
      return worker.secondsLate
    },
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]()
      await carriers[Symbol.asyncDispose]()
    },
  }
}

/** The catcher takes what no carrier is configured for; pushes too, unless somebody was named to answer for them. */
function withCatcher(carriers: Carriers, catcher: Catcher, { vapidSubject }: Config): Carriers {
  return {
    [Channel.EMAIL]: catcher,
    [Channel.SMS]: catcher,
    [Channel.VOICE]: catcher,
    [Channel.WHATSAPP]: catcher,
    [Channel.SLACK]: catcher,
    ...carriers,
    ...(vapidSubject === null && { [Channel.PUSH]: catcher }),
  }
}

function writer({ config: { publicUrl } }: DeliveringParts): LaneParts['write'] {
  return (delivery, message, to, reference) => {
    const { id: deliveryId, channel, timeZone } = delivery
    return renderMessage(channel, message, {
      language: languageOf(delivery.language),
      timeZone,
      publicUrl,
      reference,
      deliveryId,
      ...(to.channel === Channel.PUSH && { pushWishes: to.wishes }),
    })
  }
}

const effectOf: Partial<Record<DeliveryReason, 'BOUNCE' | 'OPTED_OUT'>> = {
  [DeliveryReason.ADDRESS_INVALID]: 'BOUNCE',
  [DeliveryReason.OPTED_OUT]: 'OPTED_OUT',
}

/**
 * A carrier that knows no such address, or that its owner opted out, is believed at once. Mail that could not be handed
 * over in its whole life is counted; what somebody waits for is given up after minutes, which says nothing.
 */
async function tellAddress(scene: Scene, { delivery, outcome }: FailedDelivery): Promise<void> {
  const { userId, id: deliveryId, channel, address, message } = delivery
  const fault = { userId, channel, addressKey: address.toLowerCase(), detail: outcome.detail }
  if (outcome.kind === 'permanent') {
    const reason = effectOf[outcome.reason]
    const isOfTheAddress = channel === Channel.EMAIL || reason === 'OPTED_OUT'
    if (reason && isOfTheAddress)
      await inTransaction(scene, (tx) => addressEffects.block(scene, tx, { ...fault, reason }))
  } else if (channel === Channel.EMAIL && !isWaitedFor(message)) {
    await inTransaction(scene, (tx) => addressEffects.countTrouble(scene, tx, { ...fault, deliveryId }))
  }
  scene.deliveries.wake()
}

function isWaitedFor(kind: MessageKind): boolean {
  return messageTraits[kind].class === 'code' || messageTraits[kind].class === 'test'
}
