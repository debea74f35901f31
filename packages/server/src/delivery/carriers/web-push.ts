import { ECDH } from 'node:crypto'

import webPush from 'web-push'

import type { Clock } from '../../lib/clock.ts'
import type { OutboundHttp } from '../../lib/outbound-http.ts'
import type { Carrier, Outcome, Parcel } from '../carrier.ts'
import { Channel } from '../channel.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import type { RenderedPush } from '../rendered-message.ts'
import { judgeAnswer } from './http-outcome.ts'
import { destinationOn, messageOn } from './parcel-parts.ts'
import { PushServiceGate } from './push-service-gate.ts'

interface WebPushParts {
  http: OutboundHttp
  clock: Clock
  /** RFC 8292; the keys in base64url. */
  vapid: { subject: string; publicKey: string; privateKey: string }
  /** Push services that may be called, or domains of theirs; empty = any public one. */
  pushHosts: readonly string[]
}

/** What a record of 4,096 bytes has room for. Source: RFC 8291, 4. */
const mostPayloadBytes = 3993

/** A push service may be slow to forget, but is not asked to remember for longer than this. */
const longestLifeSeconds = 2_419_200

/** Pushes to browsers, encrypted for each. */
export function createWebPush({ http, clock, vapid, pushHosts }: WebPushParts): Carrier {
  const gate = new PushServiceGate(clock)

  async function post(parcel: Parcel, payload: Buffer, signal: AbortSignal) {
    const { endpoint, p256dh, auth } = destinationOn(Channel.PUSH, parcel)
    const { topic, urgency } = messageOn(Channel.PUSH, parcel)
    const { headers, body } = webPush.generateRequestDetails(
      { endpoint, keys: { p256dh, auth } },
      payload,
      {
        vapidDetails: vapid,
        contentEncoding: 'aes128gcm',
        TTL: Math.min(Math.max(Math.floor(parcel.lifeSeconds), 0), longestLifeSeconds),
        urgency,
        topic,
      },
    )
    const answer = await http.request({ method: 'POST', url: endpoint, headers, body, signal })
    // The status says it all, so an answer that breaks off after it is one.
    return answer.kind === 'unanswered' && answer.head
      ? { ...answer.head, kind: 'answered' as const, body: '' }
      : answer
  }

  return {
    name: 'web-push',
    concurrency: 50,
    // A newer push of a topic takes the place of the one before, at the service and in the browser.
    repeatsSafely: true,
    async send(parcel, signal) {
      const { endpoint, p256dh, auth } = destinationOn(Channel.PUSH, parcel)
      const service = URL.parse(endpoint)
      if (!service || !isPushHost(service.hostname, pushHosts)) {
        return invalid('its push service is not among PUSH_HOSTS')
      }
      if (!areKeys(p256dh, auth)) return invalid('its keys are not keys')
      const wait = gate.wait(service.host)
      if (wait > 0) return busy(`the push service is left alone for ${wait} more seconds`)

      const payload = payloadOf(messageOn(Channel.PUSH, parcel), mostPayloadBytes)
      let answer = await post(parcel, payload, signal)
      if (answer.kind === 'answered' && answer.status === 413) {
        const shorter = payloadOf(messageOn(Channel.PUSH, parcel), Math.floor(payload.length / 2))
        answer = await post(parcel, shorter, signal)
      }
      const { outcome, readable } = judgeAnswer(answer, clock.now())
      gate.count(service.host, outcome?.kind === 'passing' || outcome?.kind === 'unknown')
      if (!outcome) return outcomeOfStatus(readable.status)
      if (outcome.kind === 'passing' && outcome.pauseSeconds !== undefined) {
        gate.pause(service.host, outcome.pauseSeconds)
      }
      return ofOneService(outcome)
    },
  }
}

/** What our service worker reads; cut to so many bytes. */
function payloadOf(message: RenderedPush, mostBytes: number): Buffer {
  const { title, body, path, topic, urgency, sound, persistent } = message
  const write = (title: string, body: string) =>
    Buffer.from(JSON.stringify({ title, body, path, topic, urgency, sound, persistent }))
  const letters = { title: [...title], body: [...body] }
  let payload = write(title, body)
  while (payload.length > mostBytes && letters.title.length > 0) {
    const part = letters.body.length > 0 ? letters.body : letters.title
    // A letter is six bytes of JSON at most, so none is taken too many.
    part.length = Math.max(0, part.length - Math.max(1, Math.ceil((payload.length - mostBytes) / 6)))
    payload = write(shortened(title, letters.title), shortened(body, letters.body))
  }
  return payload
}

function shortened(text: string, letters: readonly string[]): string {
  const rest = letters.join('')
  return rest === text || rest === '' ? rest : `${rest}…`
}

function outcomeOfStatus(status: number): Outcome {
  const detail = `HTTP ${status}`
  if (status >= 200 && status < 300) return { kind: 'accepted', carrierId: null, carrierStatus: detail }
  if (status === 404 || status === 410) {
    return { kind: 'permanent', reason: DeliveryReason.ADDRESS_GONE, detail, addressGone: true }
  }
  // Our keys are not those that the browser was told, or our clock is wrong.
  const isRefusal = status === 401 || status === 403
  const reason = isRefusal ? DeliveryReason.CARRIER_REFUSED : DeliveryReason.MESSAGE_REFUSED
  return { kind: 'permanent', reason, detail }
}

/**
 * What one push service does is no fault of the others, so no outcome closes the way to all. Some repeat the endpoint in
 * what they say, and that is a secret.
 */
function ofOneService(outcome: Outcome): Outcome {
  if (outcome.kind === 'accepted') return outcome
  const detail = /^HTTP \d{3}/.exec(outcome.detail)?.[0] ?? outcome.detail
  if (outcome.kind === 'permanent') return { ...outcome, detail }
  const reason = outcome.kind === 'passing' ? outcome.reason : DeliveryReason.OUTCOME_UNKNOWN
  return { kind: 'passing', reason, detail, isCarriersFault: false }
}

/** A domain stands for its subdomains, as some push services have one for each region. */
function isPushHost(hostname: string, pushHosts: readonly string[]): boolean {
  return (
    pushHosts.length === 0 || pushHosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))
  )
}

/** A public key is a point of the curve; what is none would fail in the encryption, as a mistake of ours. */
function areKeys(p256dh: string, auth: string): boolean {
  try {
    ECDH.convertKey(p256dh, 'prime256v1', 'base64url')
  } catch {
    return false
  }
  return Buffer.from(p256dh, 'base64url').length === 65 && Buffer.from(auth, 'base64url').length === 16
}

function invalid(detail: string): Outcome {
  return { kind: 'permanent', reason: DeliveryReason.ADDRESS_INVALID, detail }
}

function busy(detail: string): Outcome {
  return { kind: 'passing', reason: DeliveryReason.CARRIER_BUSY, detail, isCarriersFault: false }
}
