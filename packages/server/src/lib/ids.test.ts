import { expect, test } from 'vitest'
import { idBound, isId, newId, timeOfId } from './ids.ts'

test('ids of one instant are in the order in which they were made', () => {
  const at = new Date('2026-11-23T08:12:00Z')
  const ids = Array.from({ length: 2000 }, () => newId(at))
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(2000)
})

test('a bound lies between the ids before an instant and those from it on', () => {
  const at = new Date('2026-11-23T08:12:00.123Z')
  const before = newId(new Date(at.getTime() - 1))
  const from = newId(at)
  expect(before < idBound(at)).toBe(true)
  expect(idBound(at) < from).toBe(true)
})

test('an id tells when it was made', () => {
  const at = new Date('2026-11-23T08:12:00.123Z')
  expect(timeOfId(newId(at))).toEqual(at)
})

test.each([
  '',
  'me',
  '1',
  '01a20a1a-0c24-74c0-9d16-94c911ea742',
  '{01a20a1a-0c24-74c0-9d16-94c911ea742c}',
  'urn:uuid:01a20a1a-0c24-74c0-9d16-94c911ea742c',
])('"%s" is no id', (text) => {
  expect(isId(text)).toBe(false)
})
