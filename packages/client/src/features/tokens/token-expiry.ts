import { tokenLifetimeDays } from '@lanyard/contract/limits'

const hour = 3_600_000
const day = 24 * hour

const usualChoices = [7, 30, tokenLifetimeDays.default, tokenLifetimeDays.max]

/** The lifetimes the form offers, in days, up to the longest that the account allows, which is one of them. */
export function lifetimeChoices(longestDays: number): number[] {
  return [...usualChoices.filter((days) => days < longestDays), longestDays]
}

/**
 * When a token that is made now ends. The longest life is an hour short of what the server allows: a
 * device whose clock is fast would otherwise be refused.
 */
export function expiryAfter(days: number, now: Date, longestDays: number): Date {
  const margin = days === longestDays ? hour : 0
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
