import { expect, test, vi } from 'vitest'
import { PendingValues } from './pending-values.ts'

test('with room for one, a late reader gets the newest value only', async () => {
  const pending = new PendingValues<number>(1, () => {})
  for (let value = 1; value <= 1000; value++) pending.put(value)

  expect(await pending.next()).toEqual({ value: 1000, done: false })
  const next = pending.next()
  pending.put(1001)
  expect(await next).toEqual({ value: 1001, done: false })
})

test('with room for several, the oldest goes first', async () => {
  const pending = new PendingValues<number>(3, () => {})
  for (let value = 1; value <= 5; value++) pending.put(value)

  const taken = [await pending.next(), await pending.next(), await pending.next()]
  expect(taken.map(({ value }) => value)).toEqual([3, 4, 5])
})

test('leaving ends a reader that waits, at once and once', async () => {
  const onEnd = vi.fn()
  const pending = new PendingValues<number>(1, onEnd)
  const next = pending.next()

  expect(await pending.return()).toEqual({ value: undefined, done: true })
  expect(await next).toEqual({ value: undefined, done: true })
  pending.end()
  pending.put(1)
  expect(await pending.next()).toEqual({ value: undefined, done: true })
  expect(onEnd).toHaveBeenCalledOnce()
})

test('a source that has finished ends its reader after the last value, or at once when there is none', async () => {
  const onEnd = vi.fn()
  const late = new PendingValues<number>(1, onEnd)
  late.put(1)
  late.finish()
  late.put(2)
  expect(onEnd).not.toHaveBeenCalled()
  expect(await late.next()).toEqual({ value: 1, done: false })
  expect(await late.next()).toEqual({ value: undefined, done: true })
  expect(onEnd).toHaveBeenCalledOnce()

  const waiting = new PendingValues<number>(1, onEnd)
  const next = waiting.next()
  waiting.finish()
  expect(await next).toEqual({ value: undefined, done: true })
  expect(onEnd).toHaveBeenCalledTimes(2)
})
