import { expect, test } from 'vitest'
import { describeZone, zoneOptions } from './time-zones.ts'

const winter = new Date('2026-11-23T08:12:00Z')
const summer = new Date('2026-07-01T08:12:00Z')

test('a zone is said by its city, its name and what it is ahead or behind now', () => {
  expect(describeZone('America/New_York', 'en', winter)).toBe('New York, Eastern Time (UTC−5)')
  expect(describeZone('America/New_York', 'en', summer)).toBe('New York, Eastern Time (UTC−4)')
  expect(describeZone('Asia/Kathmandu', 'en', winter)).toContain('(UTC+5:45)')
})

test('a name there is no room for is left out, never cut', () => {
  expect(describeZone('Europe/Madrid', 'de', winter)).toBe('Madrid (UTC+1)')
})

test('a zone is found by a large city in it, by its country and by its name', async () => {
  const options = await zoneOptions('en')
  const newYork = options.find(({ value }) => value === 'America/New_York')

  for (const word of ['philadelphia', 'united states', 'america/new_york', 'eastern']) {
    expect(newYork?.searchText).toContain(word)
  }
})
