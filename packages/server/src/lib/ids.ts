import { v7, validate } from 'uuid'

/** UUIDv7 (RFC 9562): ordered by time, so that the newest row is the largest id. */
export function newId(at?: Date): string {
  return at ? v7({ msecs: at.getTime() }) : v7()
}

export function isId(value: string): boolean {
  return validate(value)
}

/** The smallest UUIDv7 of an instant: a bound between what came before it and what comes after. */
export function idBound(at: Date): string {
  const milliseconds = at.getTime().toString(16).padStart(12, '0')
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-0000-0000-000000000000`
}
