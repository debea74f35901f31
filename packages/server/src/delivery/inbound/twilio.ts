import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
// By its file: the whole package is the client of every Twilio service, and takes a second to load.
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'

import type { TwilioConfig } from '../../config/twilio.ts'
import { statementsOf } from '../../database/statements-of-transaction.ts'
import type { CarrierReport } from '../carrier-report.ts'
import { Channel } from '../channel.ts'
import { readReference } from '../delivery-reference.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import type { InboundParts } from './inbound-parts.ts'
import { answerOf, wishIn } from './opt-out-words.ts'
import { bytesOf, headerOf, Refused } from './raw-request.ts'
import { recordReports, type Report, takeEvents } from './reports.ts'
import { inTransaction } from './scene.ts'
import { answerToKey, isConfirmation, opening, textAnswer } from './twiml.ts'

const carrier = 'twilio'
const phoneChannels = [Channel.SMS, Channel.VOICE, Channel.WHATSAPP]

interface Addressed {
  Params: { reference: string }
}

/**
 * Twilio's status callbacks, what its calls ask for, and the messages people send to our numbers. Twilio signs no
 * time, so a repeated request is harmless by what it does: an event counts once, and states only move forward.
 * Source: S-L2.
 */
export function serveTwilio(routes: FastifyInstance, parts: InboundParts): void {
  const { twilio: config, publicUrl } = parts.config
  if (!config) return
  const believe = (request: FastifyRequest) => signedParameters(request, publicUrl, config)

  routes.post<Addressed>('/carriers/twilio/status/:reference', async (request, reply) => {
    const report = reportOf(request.params.reference, believe(request))
    const scene = parts.createScene(request, 'Twilio')
    if (report) await recordReports(scene, parts.addresses, carrier, phoneChannels, [report])
    return reply.code(204).send()
  })

  routes.post<Addressed & { Querystring: { round?: string } }>(
    '/carriers/twilio/voice/:reference',
    async (request, reply) => {
      const parameters = believe(request)
      const { reference } = request.params
      const scene = parts.createScene(request, 'Twilio')
      const key = readReference(scene.sealing, reference)
      const call = key ? await parts.renderCall(key) : null
      const round = Number(request.query.round ?? 0)
      const next = new URL(`/carriers/twilio/voice/${reference}?round=${round + 1}`, publicUrl).href
      const digit = parameters.get('Digits')
      const sid = parameters.get('CallSid') ?? ''
      if (call && digit && isConfirmation(call, digit)) {
        const recipient = parameters.get('To') ?? ''
        const eventKey = `${sid}:confirmed`
        const confirmed = {
          carrier,
          carrierId: sid,
          carrierStatus: 'confirmed',
          state: 'DELIVERED',
        } as const
        const report = { ...confirmed, eventKey, reference, recipient }
        await recordReports(scene, parts.addresses, carrier, phoneChannels, [report])
      }
      return sendTwiml(reply, digit ? answerToKey(call, digit, next, round) : opening(call, next, round))
    },
  )

  routes.post('/carriers/twilio/inbound', async (request, reply) => {
    const parameters = believe(request)
    const scene = parts.createScene(request, 'Twilio')
    const { channel, number } = phoneIn(parameters.get('From') ?? '')
    // With its own handling of such words switched on, Twilio says what it took the message for, and has answered it.
    const handled = parameters.get('OptOutType')
    const wish = wishIn(handled ?? parameters.get('Body') ?? '')
    const sid = parameters.get('MessageSid') ?? ''
    if (!wish || sid === '' || !/^\+[1-9]\d{6,14}$/.test(number)) return sendTwiml(reply, textAnswer())

    const language = await inTransaction(scene, async (tx) => {
      const phone = { channel, addressKey: number }
      const fresh = await takeEvents(statementsOf(tx), scene.clock, carrier, [`${sid}:received`])
      if (fresh.size > 0 && wish === 'STOP') await parts.addresses.optOut(scene, tx, phone)
      if (fresh.size > 0 && wish === 'START') await parts.addresses.optIn(scene, tx, phone)
      return parts.addresses.languageOf(tx, number)
    })
    scene.deliveries.wake()
    return sendTwiml(reply, handled === null ? textAnswer(answerOf(wish, language)) : textAnswer())
  })
}

/** @throws Refused 403 unless Twilio signed it with our token, for our address as the world knows it */
function signedParameters(
  request: FastifyRequest,
  publicUrl: URL,
  { authToken }: TwilioConfig,
): URLSearchParams {
  const parameters = new URLSearchParams(bytesOf(request).toString('utf8'))
  const given: Record<string, string | string[]> = {}
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name)
    given[name] = values.length > 1 ? values : (values[0] ?? '')
  }
  // Never what Host says: that is up to the caller, and a proxy may have changed it.
  const url = `${publicUrl.origin}${request.url}`
  const signature = headerOf(request, 'x-twilio-signature')
  if (!validateRequest(authToken.reveal(), signature, url, given)) throw new Refused(403)
  return parameters
}

type Told = Pick<CarrierReport, 'state' | 'reason'>

const sent: Told = { state: 'SENT' }
const delivered: Told = { state: 'DELIVERED' }
const undelivered: Told = { state: 'UNDELIVERED', reason: DeliveryReason.UNDELIVERED }
const unanswered: Told = { state: 'UNDELIVERED', reason: DeliveryReason.NO_ANSWER }

/** Of messages. `read` is WhatsApp's. */
const byMessageStatus: Partial<Record<string, Told>> = {
  accepted: sent,
  queued: sent,
  sending: sent,
  sent,
  delivered,
  read: delivered,
  undelivered,
  failed: undelivered,
  canceled: undelivered,
}

/** Of calls; a completed one was taken by somebody, or by something that answers for them. */
const byCallStatus: Partial<Record<string, Told>> = {
  queued: sent,
  initiated: sent,
  ringing: sent,
  'in-progress': sent,
  completed: delivered,
  busy: unanswered,
  'no-answer': unanswered,
  failed: undelivered,
  canceled: undelivered,
}

const optedOutCode = '21610'

/** What says more than that it was not delivered. */
const reasonByErrorCode: Partial<Record<string, DeliveryReason>> = {
  [optedOutCode]: DeliveryReason.OPTED_OUT,
  '21211': DeliveryReason.ADDRESS_INVALID,
  '21614': DeliveryReason.ADDRESS_INVALID,
  '30004': DeliveryReason.OPTED_OUT,
  '30005': DeliveryReason.ADDRESS_INVALID,
  '30006': DeliveryReason.ADDRESS_INVALID,
  '30007': DeliveryReason.MESSAGE_REFUSED,
  '63003': DeliveryReason.ADDRESS_INVALID,
  '63016': DeliveryReason.MESSAGE_REFUSED,
  '63024': DeliveryReason.ADDRESS_INVALID,
}

/** @returns undefined for what tells nothing of how far it came */
function reportOf(reference: string, parameters: URLSearchParams): Report | undefined {
  const call = parameters.get('CallStatus')
  const status = call ?? parameters.get('MessageStatus') ?? ''
  const told = call === null ? byMessageStatus[status] : byCallStatus[status]
  if (!told) return undefined

  const sid = parameters.get(call === null ? 'MessageSid' : 'CallSid') ?? ''
  const errorCode = parameters.get('ErrorCode') ?? ''
  const report: Report = {
    ...told,
    carrier,
    carrierId: sid,
    carrierStatus: status,
    eventKey: `${sid}:${status}`,
    reference,
    recipient: phoneIn(parameters.get('To') ?? '').number,
  }
  if (errorCode === '') return report
  report.detail = `${errorCode} ${parameters.get('ErrorMessage') ?? ''}`.trim()
  const reason = reasonByErrorCode[errorCode]
  if (told.state === 'UNDELIVERED' && reason) report.reason = reason
  if (errorCode === optedOutCode) report.effect = 'OPTED_OUT'
  return report
}

/** `whatsapp:+12125550142` or `+12125550142`. */
function phoneIn(address: string): { channel: Channel.SMS | Channel.WHATSAPP; number: string } {
  const prefix = 'whatsapp:'
  return address.startsWith(prefix)
    ? { channel: Channel.WHATSAPP, number: address.slice(prefix.length) }
    : { channel: Channel.SMS, number: address }
}

function sendTwiml(reply: FastifyReply, document: string): FastifyReply {
  return reply.type('text/xml; charset=utf-8').send(document)
}
