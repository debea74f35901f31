import type { Carrier } from '../carrier.ts'
import { Channel } from '../channel.ts'
import { destinationOn } from './parcel-parts.ts'
import { TwilioApi, type TwilioApiParts } from './twilio-api.ts'

/** Five or six rings; then most networks hand over to a mailbox. */
const ringSeconds = 25

/**
 * Calls, and has Twilio ask us what to say once somebody answers. What became of an attempt cannot be looked up:
 * Twilio lists calls with their numbers and times alone, and two calls to one person look the same. But it reports
 * on a call from the moment it takes it, and asks for its words, at URLs that name the delivery.
 */
export function createTwilioVoice(parts: TwilioApiParts): Carrier {
  const api = new TwilioApi(parts)
  const [from] = parts.config.from

  return {
    name: 'twilio',
    concurrency: 10,
    reportsArrival: true,
    async send(parcel, signal) {
      const { number } = destinationOn(Channel.VOICE, parcel)
      const events = ['initiated', 'ringing', 'answered', 'completed']
      const parameters = [
        ['To', number],
        ['From', from],
        ['Url', api.voiceUrl(parcel.reference)],
        ['Method', 'POST'],
        ['StatusCallback', api.statusUrl(parcel.reference)],
        ['StatusCallbackMethod', 'POST'],
        ...events.map((event) => ['StatusCallbackEvent', event] as const),
        ['Timeout', String(ringSeconds)],
      ] as const
      return api.create('Calls', parameters, signal)
    },
  }
}
