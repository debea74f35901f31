import { createPublicKey, verify } from 'node:crypto'

import type { FastifyInstance } from 'fastify'

import type { InboundParts } from './inbound-parts.ts'
import { textIn } from './json-value.ts'
import {
  fateOfStatus,
  type MailFate,
  type MailReport,
  recordMailReports,
  referenceField,
  statusIn,
} from './mail-report.ts'
import { bytesOf, headerOf, isRecent, jsonOf, Refused } from './raw-request.ts'

const carrier = 'sendgrid'

/** SendGrid's signed event webhook: ECDSA over the time and the very bytes of the body. Source: S-L5. */
export function serveSendGrid(routes: FastifyInstance, parts: InboundParts): void {
  const { sendgridPublicKey } = parts.config.mail
  if (sendgridPublicKey === null) return
  const der = Buffer.from(sendgridPublicKey, 'base64')
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })

  routes.post('/carriers/sendgrid', async (request, reply) => {
    const timestamp = headerOf(request, 'x-twilio-email-event-webhook-timestamp')
    const signature = headerOf(request, 'x-twilio-email-event-webhook-signature')
    const signed = Buffer.concat([Buffer.from(timestamp), bytesOf(request)])
    const isSigned = verify('sha256', signed, key, Buffer.from(signature, 'base64'))
    if (!isSigned || !isRecent(timestamp, parts.clock.now())) throw new Refused(403)

    const events = jsonOf(bytesOf(request).toString('utf8'))
    if (!Array.isArray(events)) throw new Refused(400)
    const reports = events.flatMap((event) => reportOf(event) ?? [])
    await recordMailReports(parts.createScene(request, 'SendGrid'), parts, carrier, reports)
    return reply.code(204).send()
  })
}

function reportOf(told: unknown): MailReport | undefined {
  const event = textIn(told, 'event')
  const fate = fateOf(told, event)
  const id = textIn(told, 'sg_event_id')
  if (!fate || id === '') return undefined
  const type = textIn(told, 'type')
  return {
    eventKey: id,
    // What we pass along stands among SendGrid's own fields.
    reference: textIn(told, referenceField),
    recipient: textIn(told, 'email'),
    fate,
    carrierId: textIn(told, 'sg_message_id'),
    carrierStatus: type === '' ? event : type,
    detail: textIn(told, 'reason') || textIn(told, 'response'),
  }
}

function fateOf(told: unknown, event: string): MailFate | undefined {
  switch (event) {
    case 'processed':
      return 'accepted'
    case 'delivered':
      return 'delivered'
    case 'deferred':
      return 'delayed'
    case 'bounce':
      return fateOfBounce(told)
    case 'dropped':
      return fateByDropReason[textIn(told, 'reason')] ?? 'refused'
    case 'spamreport':
      return 'complained'
    case 'unsubscribe':
    case 'group_unsubscribe':
      return 'unsubscribed'
    default:
      return undefined
  }
}

/** `blocked` is what did not arrive this time; three days of `deferred` end so as well. */
function fateOfBounce(told: unknown): MailFate {
  if (textIn(told, 'type') === 'blocked') return 'expired'
  const status = textIn(told, 'status') || statusIn(textIn(told, 'reason'))
  return status?.startsWith('5.') ? fateOfStatus(status) : 'bounced'
}

const fateByDropReason: Partial<Record<string, MailFate>> = {
  'Bounced Address': 'bounced',
  Invalid: 'bounced',
  'Spam Reporting Address': 'kept back: complained',
  'Unsubscribed Address': 'kept back: unsubscribed',
}
