import { expect, test } from 'vitest'

import { retryAfterSeconds } from './retry-after.ts'

const now = new Date('2026-11-26T12:00:00Z')

test.each([
  ['1', 1],
  ['120', 120],
  [' 30 ', 30],
  ['0', 1],
  ['999999', 3600],
  ['Thu, 26 Nov 2026 12:01:30 GMT', 90],
  ['Thu, 26 Nov 2026 11:00:00 GMT', 1],
  ['Fri, 26 Nov 2027 12:00:00 GMT', 3600],
])('%j asks for %i seconds', (text, seconds) => {
  expect(retryAfterSeconds({ status: 429, headers: { 'retry-after': text } }, now)).toBe(seconds)
})

test.each(['', 'soon', '-5x', '1e3x'])('%j asks for nothing', (text) => {
  expect(retryAfterSeconds({ status: 429, headers: { 'retry-after': text } }, now)).toBeUndefined()
})

test('nothing said asks for nothing', () => {
  expect(retryAfterSeconds({ status: 429, headers: {} }, now)).toBeUndefined()
})
