import { expect, test } from 'vitest'
import { distance, expiryAfter, expiryState, lifetimeChoices } from './token-expiry.ts'

const now = new Date('2026-11-23T08:12:00Z')
const at = (instant: string) => new Date(instant)

test('a lifetime is whole days from now', () => {
  expect(expiryAfter(90, now, 365)).toEqual(at('2027-02-21T08:12:00Z'))
})

test.each([
  [365, [7, 30, 90, 365]],
  [180, [7, 30, 90, 180]],
  [90, [7, 30, 90]],
  [45, [7, 30, 45]],
  [1, [1]],
])('where a token may live for %i days the form offers %j', (longest, choices) => {
  expect(lifetimeChoices(longest)).toEqual(choices)
})

test.each([365, 30, 1])(
  'the longest lifetime of %i days is accepted from a device whose clock is minutes fast',
  (longest) => {
    const fast = new Date(now.getTime() + 10 * 60_000)
    const limit = now.getTime() + longest * 86_400_000
    const latest = Math.max(
      ...lifetimeChoices(longest).map((days) => expiryAfter(days, fast, longest).getTime()),
    )
    expect(latest).toBeLessThan(limit)
    expect(latest).toBeGreaterThan(now.getTime())
  },
)

test.each([
  ['2026-11-23T08:12:00Z', 'over'],
  ['2026-11-23T08:12:01Z', 'soon'],
  ['2026-11-30T08:12:00Z', 'soon'],
  ['2026-11-30T08:12:01Z', 'fine'],
] as const)('a token that ends at %s is %s', (expiresAt, state) => {
  expect(expiryState(at(expiresAt), now)).toBe(state)
})

test.each([
  ['2026-11-29T20:00:00Z', [6, 'day']],
  ['2026-11-24T08:11:00Z', [23, 'hour']],
  ['2026-11-23T08:10:30Z', [-1, 'minute']],
  ['2026-11-20T08:00:00Z', [-3, 'day']],
])('the distance to %s is %j', (to, expected) => {
  expect(distance(at(to), now)).toEqual(expected)
})
