import { randomInt } from 'node:crypto'

import { v7, validate } from 'uuid'

let latest = { msecs: 0, seq: 0 }

/**
 * UUIDv7 (RFC 9562): ordered by time, so that the newest row is the largest id. Those of one instant are in the order
 * in which this process made them.
 */
export function newId(at?: Date): string {
  if (!at) return v7()
  const msecs = at.getTime()
  // Half of the 32 bits are left to count on in.
  const seq = msecs === latest.msecs ? latest.seq + 1 : randomInt(2 ** 31)
  latest = { msecs, seq }
  return v7(latest)
}

export function isId(value: string): boolean {
  return validate(value)
}

/** The smallest UUIDv7 of an instant: a bound between what came before it and what comes after. */
export function idBound(at: Date): string {
  const milliseconds = at.getTime().toString(16).padStart(12, '0')
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-0000-0000-000000000000`
}

/** When a UUIDv7 was made. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))
}
