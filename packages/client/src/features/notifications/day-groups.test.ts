import { expect, test } from 'vitest'
import { timeFormat } from '../../ui/TimeFormat.tsx'
import { daysBetween, groupByDay } from './day-groups.ts'

const dayKeyIn = (timeZone: string) => {
  const { dayKey } = timeFormat(timeZone, 'en-GB')
  return (instant: string) => dayKey(new Date(instant))
}

test('items fall on the days of the zone they are read in', () => {
  const items = ['2026-11-23T05:30:00Z', '2026-11-23T04:30:00Z', '2026-11-22T20:00:00Z']

  const inNewYork = groupByDay(items, dayKeyIn('America/New_York'))
  expect(inNewYork.map(({ dayKey, items: ofDay }) => [dayKey, ofDay.length])).toEqual([
    ['2026-11-23', 1],
    ['2026-11-22', 2],
  ])

  const inAuckland = groupByDay(items, dayKeyIn('Pacific/Auckland'))
  expect(inAuckland.map(({ dayKey, items: ofDay }) => [dayKey, ofDay.length])).toEqual([['2026-11-23', 3]])
})

test('no items are no days', () => {
  expect(groupByDay([], String)).toEqual([])
})

test('days are counted by the calendar, across months and changes of the clock', () => {
  expect(daysBetween('2026-11-23', '2026-11-23')).toBe(0)
  expect(daysBetween('2026-10-31', '2026-11-01')).toBe(1)
  expect(daysBetween('2026-10-20', '2026-11-03')).toBe(14)
})
