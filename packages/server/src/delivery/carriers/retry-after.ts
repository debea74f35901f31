import type { AnswerHead } from '../../lib/outbound-http.ts'

/** An hour: whoever asks for more is asked again then. */
const mostSeconds = 3600

/** Retry-After is seconds or a date (RFC 9110, 10.2.3). @returns undefined when it says neither */
export function retryAfterSeconds({ headers }: AnswerHead, now: Date): number | undefined {
  const text = headers['retry-after']?.trim()
  if (!text) return undefined
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000
  if (Number.isNaN(seconds)) return undefined
  return Math.min(Math.max(Math.ceil(seconds), 1), mostSeconds)
}
