import type { Config } from './config.ts'
import { addressBook } from './contacts/address-book.ts'
import { emailBook } from './contacts/email-book.ts'
import { phoneBook } from './contacts/phone-book.ts'
import { followFailure } from './contacts/failed-delivery.ts'
import { pushAddressBook } from './contacts/push-address-book.ts'
import { slackAddressBook } from './contacts/slack-address-book.ts'
import type { Context } from './context.ts'
import type { Carriers } from './delivery/carrier.ts'
import { createCarriers } from './delivery/carriers/create-carriers.ts'
import { Catcher } from './delivery/catcher.ts'
import { Channel } from './delivery/channel.ts'
import type { LaneParts } from './delivery/channel-lane.ts'
import { DeliveryWorker } from './delivery/delivery-worker.ts'
import type { Scene } from './delivery/inbound/scene.ts'
import { messageTraits } from './delivery/message.ts'
import { notMeReferenceOf } from './delivery/texts/not-me-link.ts'
import { renderMessage } from './delivery/texts/render-message.ts'
import type { VapidKeys } from './delivery/vapid-keys.ts'
import { languageOf } from './language.ts'
import type { Signing } from './link-signing.ts'
import type { OutboundHttp } from './lib/outbound-http.ts'
import { unsubscribeUrlOf } from './notifications/unsubscribe-link.ts'

interface DeliveringParts extends Pick<Context, 'statements' | 'clock' | 'sealing'> {
  config: Config
  http: OutboundHttp
  vapidKeys: VapidKeys
  linkSigning: Signing
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
  const worker = new DeliveryWorker({
    statements,
    clock,
    sealing,
    carriers: config.catcher ? withCatcher(carriers, new Catcher(statements, clock), config) : carriers,
    book: addressBook([
      emailBook(statements),
      phoneBook(statements),
      pushAddressBook({ statements, sealing, clock, onError }),
      slackAddressBook({ statements, sealing, clock, onError }),
    ]),
    write: writer(parts),
    onFailure: (failed) => followFailure(createScene(), failed),
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

function writer({ config: { publicUrl }, linkSigning }: DeliveringParts): LaneParts['write'] {
  return (delivery, message, to, reference) => {
    const { userId, id: deliveryId, channel, timeZone } = delivery
    const notMeReference =
      messageTraits[message.kind].class === 'security'
        ? notMeReferenceOf(linkSigning, { userId, deliveryId })
        : undefined
    const unsubscribeUrl =
      message.kind === 'EVENT' && channel === Channel.EMAIL
        ? unsubscribeUrlOf(linkSigning, publicUrl, { userId, ...message.values })
        : undefined
    return renderMessage(channel, message, {
      language: languageOf(delivery.language),
      timeZone,
      publicUrl,
      reference,
      deliveryId,
      ...(unsubscribeUrl !== undefined && { unsubscribeUrl }),
      ...(notMeReference !== undefined && { notMeReference }),
      ...(to.channel === Channel.PUSH && { pushWishes: to.wishes }),
    })
  }
}
