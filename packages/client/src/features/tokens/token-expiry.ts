import { tokenLifetimeDays } from '@lanyard/contract/limits'

const hour = 3_600_000
const day = 24 * hour

/** The lifetimes the form offers, in days. */
export const lifetimeChoices = [7, 30, tokenLifetimeDays.default, tokenLifetimeDays.max] as const

/**
 * When a token that is made now ends. The longest life is an hour short of what the server allows: a
 * device whose clock is fast would otherwise be refused.
 */
export function expiryAfter(days: number, now: Date): Date {
  const margin = days === tokenLifetimeDays.max ? hour : 0
  return new Date(now.getTime() + days * day - margin)
}

export type ExpiryState = 'fine' | 'soon' | 'over'

/** "Soon" is a week: time enough to replace a token before a program is refused. */
export function expiryState(expiresAt: Date, now: Date): ExpiryState {
  const left = expiresAt.getTime() - now.getTime()
  if (left <= 0) return 'over'
  return left <= 7 * day ? 'soon' : 'fine'
}

/** The distance to an instant in the greatest unit that fits, as `Intl.RelativeTimeFormat` takes it. */
export function distance(to: Date, now: Date): [value: number, unit: 'day' | 'hour' | 'minute'] {
  const milliseconds = to.getTime() - now.getTime()
  if (Math.abs(milliseconds) >= day) return [Math.trunc(milliseconds / day), 'day']
  if (Math.abs(milliseconds) >= hour) return [Math.trunc(milliseconds / hour), 'hour']
  return [Math.trunc(milliseconds / 60_000), 'minute']
}
