import { z } from 'zod'

import type { TwilioConfig } from '../../config/twilio.ts'
import type { Clock } from '../../lib/clock.ts'
import { timeOfId } from '../../lib/ids.ts'
import type { OutboundHttp } from '../../lib/outbound-http.ts'
import type { Finding, Outcome, Parcel } from '../carrier.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import { judgeAnswer, type Readable } from './http-outcome.ts'
import { inBrief } from './in-brief.ts'
import { readJson } from './read-json.ts'
import { twilioFault } from './twilio-error.ts'

/** Both Twilio's items and its refusals; what it says beside is not ours to judge. */
const answerSchema = z.object({
  sid: z.string().optional(),
  status: z.union([z.string(), z.number()]).optional(),
  /** Of a refusal. */
  code: z.number().optional(),
  message: z.string().optional(),
  /** Of an item that failed at once. */
  error_code: z.number().nullish(),
  error_message: z.string().nullish(),
})

const listSchema = z.object({
  messages: z.array(
    z.object({
      sid: z.string(),
      status: z.string(),
      body: z.string().nullable(),
      date_created: z.string(),
    }),
  ),
})

export interface TwilioApiParts {
  config: TwilioConfig
  http: OutboundHttp
  clock: Clock
  /** Where Twilio reports to, and asks what to say. */
  publicUrl: URL
}

/** A mistake in our settings is one for every message: better to wait than to try each in turn. */
const refusalPauseSeconds = 60

/** So many of the newest messages to a number are looked through. */
const pageSize = 50

/** Between our clock and Twilio's. */
const clockToleranceMilliseconds = 60_000

/** Twilio's REST API, as far as it carries messages. */
export class TwilioApi {
  readonly #parts: TwilioApiParts

  constructor(parts: TwilioApiParts) {
    this.#parts = parts
  }

  statusUrl(reference: string): string {
    return new URL(`/carriers/twilio/status/${reference}`, this.#parts.publicUrl).href
  }

  voiceUrl(reference: string): string {
    return new URL(`/carriers/twilio/voice/${reference}`, this.#parts.publicUrl).href
  }

  async create(
    list: 'Messages' | 'Calls',
    parameters: readonly (readonly [string, string])[],
    signal: AbortSignal,
  ): Promise<Outcome> {
    const answer = await this.#parts.http.request({
      method: 'POST',
      url: this.#urlOf(list),
      headers: { ...this.#authorization(), 'content-type': 'application/x-www-form-urlencoded' },
      body: formOf(parameters),
      signal,
    })
    const { outcome, readable } = judgeAnswer(answer, this.#parts.clock.now())
    return outcome ?? outcomeOf(readable)
  }

  /**
   * Looks for a message that was perhaps taken. Twilio knows no keys of ours, so it is told by its number, its time
   * and its words: who got these very words since then got this message, whichever attempt it was.
   */
  async find(
    parcel: Parcel,
    { to, from, hasWords }: { to: string; from: string; hasWords: (body: string) => boolean },
    signal: AbortSignal,
  ): Promise<Finding> {
    const url = this.#urlOf('Messages')
    // Not by DateSent, which a message that still waits there lacks.
    url.search = new URLSearchParams({ To: to, From: from, PageSize: String(pageSize) }).toString()
    const answer = await this.#parts.http.request({ url, headers: this.#authorization(), signal })
    if (answer.kind !== 'answered' || answer.status !== 200) return { kind: 'unanswered' }
    const list = readJson(answer.body, listSchema)
    if (!list) return { kind: 'unanswered' }

    const since = timeOfId(parcel.deliveryId).getTime() - clockToleranceMilliseconds
    const isSince = (created: string) => Date.parse(created) >= since
    const recent = list.messages.filter(({ date_created: created }) => isSince(created))
    const found = recent.find(({ body }) => body !== null && hasWords(body))
    if (found) {
      const { sid, status } = found
      return { kind: 'found', carrierId: sid, carrierStatus: status, state: stateOf(status) }
    }
    // There may be more than we were shown.
    return recent.length < pageSize ? { kind: 'absent' } : { kind: 'unanswered' }
  }

  #urlOf(list: string): URL {
    const { accountSid, baseUrl } = this.#parts.config
    return new URL(`/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/${list}.json`, baseUrl)
  }

  #authorization(): { authorization: string } {
    const { accountSid, authToken } = this.#parts.config
    const credentials = Buffer.from(`${accountSid}:${authToken.reveal()}`).toString('base64')
    return { authorization: `Basic ${credentials}` }
  }
}

/** A name may come several times. */
function formOf(parameters: readonly (readonly [string, string])[]): string {
  const form = new URLSearchParams()
  for (const [name, value] of parameters) form.append(name, value)
  return form.toString()
}

function outcomeOf({ status, body }: Readable): Outcome {
  const answer = readJson(body, answerSchema)
  const isTaken = status >= 200 && status < 300
  if (!answer) {
    // It may be there: an answer that nobody can read takes nothing back.
    return isTaken ? { kind: 'unknown', detail: `HTTP ${status}, and no JSON` } : refusal(status, body)
  }
  const code = answer.code ?? answer.error_code ?? undefined
  const words = answer.message ?? answer.error_message ?? ''
  if (code !== undefined) return outcomeOfCode(code, words)
  if (!isTaken) return refusal(status, words)
  const state = String(answer.status ?? '')
  if (state === 'failed' || state === 'undelivered' || state === 'canceled') {
    return {
      kind: 'permanent',
      reason: DeliveryReason.CARRIER_FAILED,
      detail: inBrief(`${state} ${words}`),
    }
  }
  if (!answer.sid) return { kind: 'unknown', detail: `HTTP ${status} without a sid` }
  return { kind: 'accepted', carrierId: answer.sid, carrierStatus: state }
}

function outcomeOfCode(code: number, words: string): Outcome {
  const detail = inBrief(`${code}: ${words}`)
  const fault = twilioFault(code)
  if (fault?.kind !== 'passing') {
    return { kind: 'permanent', reason: fault?.reason ?? DeliveryReason.MESSAGE_REFUSED, detail }
  }
  const isOurs = fault.reason === DeliveryReason.CARRIER_REFUSED
  return {
    kind: 'passing',
    reason: fault.reason,
    detail,
    ...(isOurs ? { pauseSeconds: refusalPauseSeconds } : {}),
  }
}

function refusal(status: number, words: string): Outcome {
  const detail = inBrief(`HTTP ${status}: ${words}`)
  if (status !== 401 && status !== 403) {
    return { kind: 'permanent', reason: DeliveryReason.MESSAGE_REFUSED, detail }
  }
  return {
    kind: 'passing',
    reason: DeliveryReason.CARRIER_REFUSED,
    detail,
    pauseSeconds: refusalPauseSeconds,
  }
}

function stateOf(status: string): 'sent' | 'delivered' | 'undelivered' {
  if (status === 'delivered' || status === 'read') return 'delivered'
  return ['failed', 'undelivered', 'canceled'].includes(status) ? 'undelivered' : 'sent'
}
