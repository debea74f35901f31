import { expect, test } from 'vitest'
import { certificateState } from './certificate-state.ts'

const now = new Date('2026-11-23T08:00:00Z')

test.each([
  ['2026-11-23T08:00:00Z', 'over'],
  ['2026-11-23T08:00:01Z', 'ending'],
  ['2026-12-23T08:00:00Z', 'ending'],
  ['2026-12-23T08:00:01Z', 'valid'],
])('a certificate that expires at %s is %s', (expiresAt, state) => {
  expect(certificateState(new Date(expiresAt), now)).toBe(state)
})
