import type { AnswerHead, OutboundAnswer } from '../../lib/outbound-http.ts'
import type { Outcome } from '../carrier.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import { inBrief } from './in-brief.ts'
import { retryAfterSeconds } from './retry-after.ts'

/** What is left to be judged by what a carrier wrote. */
export type Readable = AnswerHead & { body: string }

/**
 * What an answer means whoever gave it: none at all, too many requests, a broken server. `readable` is what the
 * carrier itself has to read.
 */
export function judgeAnswer(
  answer: OutboundAnswer,
  now: Date,
): { outcome: Outcome; readable?: undefined } | { outcome?: undefined; readable: Readable } {
  if (answer.kind === 'refused') {
    return { outcome: { kind: 'permanent', reason: DeliveryReason.ADDRESS_INVALID, detail: answer.detail } }
  }
  if (answer.kind === 'unsent') {
    return {
      outcome: { kind: 'passing', reason: DeliveryReason.CARRIER_UNREACHABLE, detail: answer.detail },
    }
  }
  if (answer.kind === 'unanswered') {
    // A status that refuses is an answer, even if the rest was lost.
    const outcome = answer.head && judgeStatus(answer.head, '', now)
    return { outcome: outcome ?? { kind: 'unknown', detail: answer.detail } }
  }
  const outcome = judgeStatus(answer, answer.body, now)
  return outcome ? { outcome } : { readable: answer }
}

function judgeStatus(head: AnswerHead, body: string, now: Date): Outcome | undefined {
  const { status } = head
  const pauseSeconds = retryAfterSeconds(head, now)
  const pause = pauseSeconds === undefined ? {} : { pauseSeconds }
  const detail = inBrief(body === '' ? `HTTP ${status}` : `HTTP ${status}: ${body}`)
  if (status === 429) return { kind: 'passing', reason: DeliveryReason.CARRIER_BUSY, detail, ...pause }
  // A gateway that lost the answer of the server behind it.
  if (status === 502 || status === 504) return { kind: 'unknown', detail }
  if (status >= 500) return { kind: 'passing', reason: DeliveryReason.CARRIER_FAILED, detail, ...pause }
  return undefined
}
