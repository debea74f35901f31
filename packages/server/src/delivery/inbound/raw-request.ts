import { createHash, timingSafeEqual } from 'node:crypto'

import type { FastifyRequest } from 'fastify'

/** What a source throws at a request that it does not believe, or cannot read. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly statusCode: 400 | 401 | 403

  constructor(statusCode: 400 | 401 | 403) {
    super('refused')
    this.statusCode = statusCode
  }
}

/** The body as it came. */
export function bytesOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

/** A header that is there once; "" otherwise. */
export function headerOf({ headers }: FastifyRequest, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

/** @throws Refused 400 */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(400)
  }
}

/** Takes the same time whatever is wrong about it, its length as well. */
export function areEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

const mostSeconds = 300

/**
 * Whether a signed time is of now, five minutes to either side. Source: S-L4, S-L5.
 * @param timestamp seconds since 1970, as the carrier wrote it
 */
export function isRecent(timestamp: string, now: Date): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) <= mostSeconds
}
