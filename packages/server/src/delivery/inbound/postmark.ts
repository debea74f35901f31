import type { FastifyInstance } from 'fastify'

import type { InboundParts } from './inbound-parts.ts'
import { textIn, valueIn } from './json-value.ts'
import {
  fateOfStatus,
  type MailFate,
  type MailReport,
  recordMailReports,
  referenceField,
  statusIn,
} from './mail-report.ts'
import { areEqual, bytesOf, headerOf, jsonOf, Refused } from './raw-request.ts'

const carrier = 'postmark'

/** Postmark signs nothing: it sends the credentials that stand in the URL we give it. Source: S-L5. */
export function servePostmark(routes: FastifyInstance, parts: InboundParts): void {
  const { postmarkCredentials: credentials } = parts.config.mail
  if (!credentials) return
  const expected = `Basic ${Buffer.from(credentials.reveal()).toString('base64')}`

  routes.post('/carriers/postmark', async (request, reply) => {
    if (!areEqual(headerOf(request, 'authorization'), expected)) {
      void reply.header('www-authenticate', 'Basic realm="carriers"')
      throw new Refused(401)
    }
    const report = reportOf(jsonOf(bytesOf(request).toString('utf8')))
    const scene = parts.createScene(request, 'Postmark')
    if (report) await recordMailReports(scene, parts, carrier, [report])
    return reply.code(204).send()
  })
}

function reportOf(told: unknown): MailReport | undefined {
  const record = textIn(told, 'RecordType')
  const type = textIn(told, 'Type') || textIn(told, 'SuppressionReason')
  const fate = fateOf(told, record, type)
  if (!fate) return undefined
  const carrierId = textIn(told, 'MessageID')
  return {
    eventKey: [carrierId, record, textIn(told, 'ID') || type].join(':'),
    reference: textIn(told, 'Metadata', referenceField),
    recipient: textIn(told, 'Recipient') || textIn(told, 'Email'),
    fate,
    carrierId,
    carrierStatus: type === '' ? record : type,
    detail: textIn(told, 'Details') || textIn(told, 'Description'),
  }
}

function fateOf(told: unknown, record: string, type: string): MailFate | undefined {
  switch (record) {
    case 'Delivery':
      return 'delivered'
    case 'SpamComplaint':
      return 'complained'
    case 'SubscriptionChange':
      return valueIn(told, 'SuppressSending') === true ? fateBySuppression[type] : undefined
    case 'Bounce': {
      const status = statusIn(textIn(told, 'Details'))
      return type === 'HardBounce' && status?.startsWith('5.') ? fateOfStatus(status) : fateByType[type]
    }
    default:
      return undefined
  }
}

const fateBySuppression: Partial<Record<string, MailFate>> = {
  HardBounce: 'bounced',
  SpamComplaint: 'complained',
  ManualSuppression: 'unsubscribed',
}

/** What is not here is about somebody's holidays, or about Postmark itself. */
const fateByType: Partial<Record<string, MailFate>> = {
  HardBounce: 'bounced',
  BadEmailAddress: 'bounced',
  ManuallyDeactivated: 'bounced',
  Unsubscribe: 'unsubscribed',
  SpamComplaint: 'complained',
  Transient: 'delayed',
  SoftBounce: 'expired',
  DnsError: 'expired',
  Undeliverable: 'expired',
  Unknown: 'expired',
  Blocked: 'expired',
  SpamNotification: 'refused',
  VirusNotification: 'refused',
  DMARCPolicy: 'refused',
  SMTPApiError: 'refused',
  TemplateRenderingFailed: 'refused',
}
