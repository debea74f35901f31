import { createHmac } from 'node:crypto'

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
import { areEqual, bytesOf, isRecent, jsonOf, Refused } from './raw-request.ts'

const carrier = 'mailgun'

/**
 * Mailgun signs a time and a token, and not what it tells: a token counts once, so that nobody can send something else
 * under the signature of an event they saw.
 */
export function serveMailgun(routes: FastifyInstance, parts: InboundParts): void {
  const { mailgunSigningKey: signingKey } = parts.config.mail
  if (!signingKey) return

  routes.post('/carriers/mailgun', async (request, reply) => {
    const told = jsonOf(bytesOf(request).toString('utf8'))
    const timestamp = textIn(told, 'signature', 'timestamp')
    const token = textIn(told, 'signature', 'token')
    const expected = createHmac('sha256', signingKey.reveal()).update(`${timestamp}${token}`).digest('hex')
    const isSigned = areEqual(textIn(told, 'signature', 'signature'), expected)
    if (!isSigned || token === '' || !isRecent(timestamp, parts.clock.now())) throw new Refused(403)

    const report = reportOf(valueIn(told, 'event-data'), token)
    const scene = parts.createScene(request, 'Mailgun')
    if (report) await recordMailReports(scene, parts, carrier, [report])
    return reply.code(204).send()
  })
}

function reportOf(told: unknown, token: string): MailReport | undefined {
  const event = textIn(told, 'event')
  const fate = fateOf(told, event)
  if (!fate) return undefined
  const reason = textIn(told, 'reason')
  return {
    eventKey: token,
    reference: textIn(told, 'user-variables', referenceField),
    recipient: textIn(told, 'recipient'),
    fate,
    carrierId: textIn(told, 'message', 'headers', 'message-id'),
    carrierStatus: reason === '' ? event : `${event} ${reason}`,
    detail: textIn(told, 'delivery-status', 'message') || textIn(told, 'delivery-status', 'description'),
  }
}

function fateOf(told: unknown, event: string): MailFate | undefined {
  switch (event) {
    case 'accepted':
      return 'accepted'
    case 'delivered':
      return 'delivered'
    case 'complained':
      return 'complained'
    case 'unsubscribed':
      return 'unsubscribed'
    case 'rejected':
      return 'refused'
    case 'failed':
      return textIn(told, 'severity') === 'temporary' ? 'delayed' : fateOfFailure(told)
    default:
      return undefined
  }
}

function fateOfFailure(told: unknown): MailFate {
  const known = fateByReason[textIn(told, 'reason')]
  if (known) return known
  const code = textIn(told, 'delivery-status', 'code')
  const message = textIn(told, 'delivery-status', 'message')
  const status = textIn(told, 'delivery-status', 'enhanced-code') || statusIn(message)
  if (status?.startsWith('5.')) return fateOfStatus(status)
  return code.startsWith('5') ? 'bounced' : 'expired'
}

/** `old` is what was tried for too long. */
const fateByReason: Partial<Record<string, MailFate>> = {
  old: 'expired',
  espblock: 'expired',
  'suppress-bounce': 'bounced',
  'suppress-complaint': 'kept back: complained',
  'suppress-unsubscribe': 'kept back: unsubscribed',
}
