import { v5 as uuidOf } from 'uuid'
import { z } from 'zod'

import type { SlackConfig } from '../../config/slack.ts'
import type { Clock } from '../../lib/clock.ts'
import type { OutboundHttp } from '../../lib/outbound-http.ts'
import type { Carrier, Outcome } from '../carrier.ts'
import { Channel } from '../channel.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import { judgeAnswer } from './http-outcome.ts'
import { inBrief } from './in-brief.ts'
import { destinationOn, messageOn } from './parcel-parts.ts'
import { readJson } from './read-json.ts'
import { retryAfterSeconds } from './retry-after.ts'

const answerSchema = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  channel: z.string().optional(),
  ts: z.string().optional(),
})

/** The link to the person's Slack is of no more use. Source: docs.slack.dev/reference/methods/chat.postMessage. */
const gone = new Set([
  'account_inactive',
  'channel_not_found',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'user_disabled',
  'user_not_found',
])

const passing = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
])

/** The app lacks a right in that workspace. */
const notAllowed = new Set([
  'access_denied',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'org_login_required',
  'team_access_not_granted',
])

/** Names the keys that are made of an attempt's, as Slack wants UUIDs. */
const keySpace = '0f6f3a6c-6f0e-4c53-9d0b-6a4f2f6f6f51'

interface SlackParts {
  config: SlackConfig
  http: OutboundHttp
  clock: Clock
}

/** Writes to a person's direct messages, as the app that they linked. */
export function createSlack({ config, http, clock }: SlackParts): Carrier {
  const url = new URL('/api/chat.postMessage', config.baseUrl)

  return {
    name: 'slack',
    concurrency: 10,
    async send(parcel, signal) {
      const { token, slackUserId } = destinationOn(Channel.SLACK, parcel)
      const { text, blocks } = messageOn(Channel.SLACK, parcel)
      const answer = await http.request({
        method: 'POST',
        url,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({
          channel: slackUserId,
          text,
          blocks,
          // It may know by this that a message is the same; it does not promise to.
          client_msg_id: uuidOf(parcel.attemptKey, keySpace),
          unfurl_links: false,
          unfurl_media: false,
        }),
        signal,
      })
      const { outcome, readable } = judgeAnswer(answer, clock.now())
      if (outcome) return outcome
      const said = readJson(readable.body, answerSchema)
      if (!said) return unreadable(readable.status)
      if (!said.ok) return refusal(said.error ?? 'no error named', retryAfterSeconds(readable, clock.now()))
      // It is where its recipient reads it, and Slack reports nothing more.
      const carrierId = said.channel && said.ts ? `${said.channel}/${said.ts}` : null
      return { kind: 'accepted', carrierId, carrierStatus: 'ok', delivered: true }
    },
  }
}

/** Something before Slack refused it, or what Slack did is not known. */
function unreadable(status: number): Outcome {
  const detail = `HTTP ${status}, and no JSON`
  if (status < 400) return { kind: 'unknown', detail }
  return { kind: 'permanent', reason: DeliveryReason.MESSAGE_REFUSED, detail }
}

function refusal(error: string, pauseSeconds: number | undefined): Outcome {
  const detail = inBrief(error)
  if (gone.has(error)) {
    return { kind: 'permanent', reason: DeliveryReason.ADDRESS_GONE, detail, addressGone: true }
  }
  if (error === 'ratelimited' || error === 'rate_limited') {
    const pause = pauseSeconds === undefined ? {} : { pauseSeconds }
    return { kind: 'passing', reason: DeliveryReason.CARRIER_BUSY, detail, ...pause }
  }
  if (passing.has(error)) return { kind: 'passing', reason: DeliveryReason.CARRIER_FAILED, detail }
  const reason = notAllowed.has(error) ? DeliveryReason.CARRIER_REFUSED : DeliveryReason.MESSAGE_REFUSED
  return { kind: 'permanent', reason, detail }
}
