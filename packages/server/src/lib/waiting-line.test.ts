import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { WaitingLine } from './waiting-line.ts'

test('so many run at once, the others in turn, and one too many is refused', async () => {
  const line = new WaitingLine({ atOnce: 2, waiting: 3 })
  const done: number[] = []
  let running = 0
  let most = 0
  const work = (number: number) => async () => {
    most = Math.max(most, ++running)
    await wait(5)
    running--
    done.push(number)
  }

  const five = Array.from({ length: 5 }, (_, number) => line.run(work(number)))
  await expect(line.run(work(5))).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  await Promise.all(five)
  expect(most).toBe(2)
  expect(done).toEqual([0, 1, 2, 3, 4])
  await line.run(work(6))
  expect(done).toContain(6)
})

test('work that fails makes room for the next, and nobody slips in before it', async () => {
  const line = new WaitingLine({ atOnce: 1, waiting: 2 })
  const order: string[] = []
  const first = line.run(() => Promise.reject(new Error('broken')))
  const second = line.run(async () => void order.push('second'))
  await expect(first).rejects.toThrow('broken')
  const third = line.run(async () => void order.push('third'))
  await Promise.all([second, third])
  expect(order).toEqual(['second', 'third'])
})
