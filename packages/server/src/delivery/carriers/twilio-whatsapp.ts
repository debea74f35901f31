import type { Carrier } from '../carrier.ts'
import { Channel } from '../channel.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import { destinationOn, messageOn } from './parcel-parts.ts'
import { plainText } from './plain-text.ts'
import { TwilioApi, type TwilioApiParts } from './twilio-api.ts'

/**
 * WhatsApp takes free text within 24 hours of the recipient's last message only, so everything goes as one of the
 * approved templates, of which there is one for each language.
 */
export function createTwilioWhatsApp(parts: TwilioApiParts & { whatsappFrom: string }): Carrier {
  const api = new TwilioApi(parts)
  const from = `whatsapp:${parts.whatsappFrom}`
  const variablesOf = (variables: Record<string, string>) =>
    // A template's value may have neither line breaks nor runs of blanks.
    Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [
        name,
        plainText(value).replaceAll(/\s+/g, ' ').trim(),
      ]),
    )

  return {
    name: 'twilio',
    concurrency: 20,
    reportsArrival: true,
    async send(parcel, signal) {
      const { number } = destinationOn(Channel.WHATSAPP, parcel)
      const { template, language, variables } = messageOn(Channel.WHATSAPP, parcel)
      const name = `${template}.${language}`
      const contentSid = parts.config.contentSids[name]
      if (contentSid === undefined) {
        const detail = `TWILIO_CONTENT_SIDS has no template ${name}`
        return { kind: 'permanent', reason: DeliveryReason.MESSAGE_REFUSED, detail }
      }
      const parameters = [
        ['To', `whatsapp:${number}`],
        ['From', from],
        ['ContentSid', contentSid],
        ['ContentVariables', JSON.stringify(variablesOf(variables))],
        ['StatusCallback', api.statusUrl(parcel.reference)],
      ] as const
      return api.create('Messages', parameters, signal)
    },
    lookUp(parcel, signal) {
      const { number } = destinationOn(Channel.WHATSAPP, parcel)
      const values = Object.values(variablesOf(messageOn(Channel.WHATSAPP, parcel).variables))
      // The template's own words are the operator's.
      const hasWords = (body: string) => values.every((value) => body.includes(value))
      return api.find(parcel, { to: `whatsapp:${number}`, from, hasWords }, signal)
    },
  }
}
