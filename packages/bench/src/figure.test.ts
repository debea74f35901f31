import { expect, test } from 'vitest'

import { figureOf, type Goal } from './figure.ts'
import type { Measured } from './measure.ts'

const measured: Measured[] = [
  { name: 'limit', rounds: [], median: { perSecond: 1000, kilobytesPerSocket: 10 } },
  { name: 'ours', rounds: [], median: { perSecond: 600, kilobytesPerSocket: 26 } },
]
const wanted = { what: 'ours', against: 'limit', candidate: 'ours', reference: 'limit' }

test.each<[Goal, boolean]>([
  [{ atLeast: 0.6 }, true],
  [{ atLeast: 0.61 }, false],
])('a rate is measured against what it is to reach: %o is %s', (goal, reached) => {
  const figure = figureOf(measured, { ...wanted, quantity: 'perSecond', goal })
  expect(figure).toMatchObject({ ratio: 0.6, reached })
})

test.each<[Goal, boolean]>([
  [{ atMost: 2.6 }, true],
  [{ atMost: 2.5 }, false],
])('what is to be little must not be more: %o is %s', (goal, reached) => {
  const figure = figureOf(measured, { ...wanted, quantity: 'kilobytesPerSocket', goal })
  expect(figure).toMatchObject({ ratio: 2.6, reached })
})

test('a figure of what was not measured is no figure', () => {
  const figure = { ...wanted, quantity: 'cpuMicroseconds', goal: { atLeast: 1 } } as const
  expect(() => figureOf(measured, figure)).toThrow('cpuMicroseconds of "ours" was not measured')
})
