import { expect, test } from 'vitest'

import { measureInTurns, medianOf, rounds } from './measure.ts'

test('candidates take turns, and each has its median', async () => {
  const order: string[] = []
  const candidate = (name: string, rates: readonly number[]) => {
    let turn = 0
    return {
      name,
      measure: () => {
        order.push(name)
        return Promise.resolve({ perSecond: rates[turn++] ?? 0 })
      },
    }
  }
  const measured = await measureInTurns(
    [candidate('one', [10, 1000, 30]), candidate('two', [2, 1, 3])],
    () => {},
  )
  expect(order).toEqual(Array.from({ length: rounds }, () => ['one', 'two']).flat())
  expect(measured.map(({ name, median }) => [name, median.perSecond])).toEqual([
    ['one', 30],
    ['two', 2],
  ])
})

test('each quantity has a median of its own', () => {
  const measurements = [
    { perSecond: 1, cpuMicroseconds: 9 },
    { perSecond: 3, cpuMicroseconds: 7 },
    { perSecond: 2, cpuMicroseconds: 8 },
  ]
  expect(medianOf(measurements)).toEqual({ perSecond: 2, cpuMicroseconds: 8 })
})
