import { expect, test } from 'vitest'
import { BoundedCache } from './bounded-cache.ts'

test('the oldest goes when the texts are too long together, and what is too long alone is not kept', () => {
  const cache = new BoundedCache<number>(10)
  cache.set('aaaa', 1)
  cache.set('bbbb', 2)
  cache.set('cc', 3)
  expect(['aaaa', 'bbbb', 'cc'].map((text) => cache.get(text))).toEqual([1, 2, 3])
  cache.set('d', 4)
  expect(['aaaa', 'bbbb', 'cc', 'd'].map((text) => cache.get(text))).toEqual([undefined, 2, 3, 4])
  cache.set('x'.repeat(11), 5)
  expect(['bbbb', 'cc', 'd', 'x'.repeat(11)].map((text) => cache.get(text))).toEqual(
    Array(4).fill(undefined),
  )
})

test('a text that is set again counts once', () => {
  const cache = new BoundedCache<number>(10)
  for (let time = 0; time < 100; time++) cache.set('aaaaa', time)
  cache.set('bbbbb', 7)
  expect([cache.get('aaaaa'), cache.get('bbbbb')]).toEqual([99, 7])
})
