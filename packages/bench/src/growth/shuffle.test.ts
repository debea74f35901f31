import { expect, test } from 'vitest'

import { shuffle } from './shuffle.ts'

const numbers = Array.from({ length: 10_000 }, (_, index) => index)

test('everything is there once, in another order, which is always the same', () => {
  const shuffled = shuffle(numbers)
  expect(shuffled.toSorted((one, other) => one - other)).toEqual(numbers)
  expect(shuffle(numbers)).toEqual(shuffled)
})

test('neighbours come far apart', () => {
  const shuffled = shuffle(numbers)
  const steps = shuffled.slice(1).map((value, index) => Math.abs(value - (shuffled[index] ?? 0)))
  // A third of the whole, when there is no pattern.
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
  expect(mean).toBeGreaterThan(3000)
  expect(mean).toBeLessThan(3667)
})
