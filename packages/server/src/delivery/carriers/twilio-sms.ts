import type { Carrier, Outcome } from '../carrier.ts'
import { Channel } from '../channel.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import { destinationOn, messageOn } from './parcel-parts.ts'
import { plainText } from './plain-text.ts'
import { TwilioApi, type TwilioApiParts } from './twilio-api.ts'

/** Source: S-J6. */
const mostSegments = 3

/** Twilio keeps a message that waits for so long at most. */
const longestValiditySeconds = 36_000

export function createTwilioSms(parts: TwilioApiParts): Carrier {
  const api = new TwilioApi(parts)
  const [from] = parts.config.from

  return {
    name: 'twilio',
    concurrency: 50,
    reportsArrival: true,
    async send(parcel, signal) {
      const { number } = destinationOn(Channel.SMS, parcel)
      const { text, segments } = messageOn(Channel.SMS, parcel)
      if (segments > mostSegments) return tooLong(segments)
      const parameters = [
        ['To', number],
        ['From', from],
        ['Body', plainText(text)],
        ['StatusCallback', api.statusUrl(parcel.reference)],
        ['ValidityPeriod', String(validity(parcel.lifeSeconds))],
      ] as const
      return api.create('Messages', parameters, signal)
    },
    lookUp(parcel, signal) {
      const { number } = destinationOn(Channel.SMS, parcel)
      const text = plainText(messageOn(Channel.SMS, parcel).text)
      return api.find(parcel, { to: number, from, hasWords: (body) => body.trim() === text.trim() }, signal)
    },
  }
}

/** What still waits for the network at the end of its life is not sent. */
function validity(lifeSeconds: number): number {
  return Math.min(Math.max(Math.floor(lifeSeconds), 1), longestValiditySeconds)
}

function tooLong(segments: number): Outcome {
  const detail = `the text has ${segments} parts, and ${mostSegments} are the most`
  return { kind: 'permanent', reason: DeliveryReason.MESSAGE_REFUSED, detail }
}
