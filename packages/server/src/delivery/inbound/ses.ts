import type { FastifyInstance } from 'fastify'

import type { InboundParts } from './inbound-parts.ts'
import { listIn, textIn } from './json-value.ts'
import {
  fateOfStatus,
  type MailFate,
  type MailReport,
  recordMailReports,
  referenceField,
  statusIn,
} from './mail-report.ts'
import { bytesOf, jsonOf, Refused } from './raw-request.ts'
import { SnsVerifier } from './sns-message.ts'

const carrier = 'ses'

/** What Amazon SES tells over SNS, for the topics in SES_TOPICS. */
export function serveSes(routes: FastifyInstance, parts: InboundParts): void {
  const { sesTopics: topics } = parts.config.mail
  if (topics.length === 0) return
  const verifier = new SnsVerifier({ topics, fetchText: (url) => parts.fetchText(url) })

  routes.post('/carriers/ses', async (request, reply) => {
    const payload = jsonOf(bytesOf(request).toString('utf8'))
    const { type, id, message, subscribeUrl } = await verifier.verify(payload, parts.clock.now())
    if (type === 'SubscriptionConfirmation') {
      if (!subscribeUrl) throw new Refused(403)
      await parts.fetchText(subscribeUrl)
    } else {
      const scene = parts.createScene(request, 'Amazon SES')
      await recordMailReports(scene, parts, carrier, reportsOf(message, id))
    }
    return reply.code(204).send()
  })
}

/** Both forms alike: notifications of an identity, and events of a configuration set. */
function reportsOf(message: string, snsId: string): MailReport[] {
  const told = parse(message)
  const type = textIn(told, 'notificationType') || textIn(told, 'eventType')
  const reference = referenceOf(told)
  const fates = fatesOf(told, type)
  return fates.map(({ recipient, fate, detail }) => ({
    eventKey: `${snsId}:${recipient}`,
    reference,
    recipient,
    fate,
    carrierId: textIn(told, 'mail', 'messageId'),
    carrierStatus: type,
    detail,
  }))
}

/** SNS tells in plain words when a topic was connected. */
function parse(message: string): unknown {
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}

interface RecipientFate {
  recipient: string
  fate: MailFate
  detail: string
}

function fatesOf(told: unknown, type: string): RecipientFate[] {
  const everybody = (fate: MailFate, detail = '') =>
    listIn(told, 'mail', 'destination').map((recipient) => ({ recipient: String(recipient), fate, detail }))
  switch (type) {
    case 'Bounce':
      return listIn(told, 'bounce', 'bouncedRecipients').flatMap((bounced) => {
        const fate = fateOfBounce(told, bounced)
        const recipient = textIn(bounced, 'emailAddress')
        return fate ? [{ recipient, fate, detail: textIn(bounced, 'diagnosticCode') }] : []
      })
    case 'Complaint': {
      // Some reports say that it is no spam after all, others that a signature did not fit.
      const feedback = textIn(told, 'complaint', 'complaintFeedbackType')
      if (['not-spam', 'auth-failure'].includes(feedback)) return []
      return listIn(told, 'complaint', 'complainedRecipients').map((complained) => ({
        recipient: textIn(complained, 'emailAddress'),
        fate: 'complained' as const,
        detail: feedback,
      }))
    }
    case 'Delivery':
      return everybody('delivered', textIn(told, 'delivery', 'smtpResponse'))
    case 'Reject':
      return everybody('refused', textIn(told, 'reject', 'reason'))
    case 'DeliveryDelay':
      return everybody('delayed', textIn(told, 'deliveryDelay', 'delayType'))
    case 'Send':
      return everybody('accepted')
    default:
      return []
  }
}

function fateOfBounce(told: unknown, bounced: unknown): MailFate | undefined {
  const diagnosis = textIn(bounced, 'diagnosticCode')
  const status = textIn(bounced, 'status') || statusIn(diagnosis)
  if (textIn(told, 'bounce', 'bounceType') === 'Permanent')
    return status === undefined ? 'bounced' : fateOfPermanent(status)
  // An answer from somebody's holidays comes as a transient bounce too, without an action.
  return textIn(bounced, 'action') === 'failed' ? 'expired' : undefined
}

/** SES calls permanent what bounced at once; the code says whether that is for ever. */
function fateOfPermanent(status: string): MailFate {
  return status.startsWith('5.') ? fateOfStatus(status) : 'bounced'
}

/** From the tags of an event, from the headers of a notification, or from where the mail says that it comes from. */
function referenceOf(told: unknown): string {
  const [tag] = listIn(told, 'mail', 'tags', referenceField)
  if (typeof tag === 'string') return tag
  const header = listIn(told, 'mail', 'headers')
    .filter((candidate) => textIn(candidate, 'name').toLowerCase() === 'x-ses-message-tags')
    .map((candidate) => new RegExp(`\\b${referenceField}=(\\w+)`).exec(textIn(candidate, 'value'))?.[1])
    .find((reference) => reference !== undefined)
  return header ?? /^b-(\w+)@/.exec(textIn(told, 'mail', 'source'))?.[1] ?? ''
}
