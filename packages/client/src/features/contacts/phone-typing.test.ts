import { expect, test } from 'vitest'
import {
  callingCodeOf,
  countries,
  countryOfInternational,
  groupDigits,
  internationalNumber,
} from './phone-typing.ts'

test.each([
  ['202 555 0142', 'US', '+12025550142'],
  ['(202) 555-0142', 'US', '+12025550142'],
  ['020 7946 0018', 'GB', '+442079460018'],
  ['0199 00 00 12', 'FR', '+33199000012'],
  ['+49 30 235550', 'US', '+4930235550'],
])('%s, typed for %s, is %s', (typed, country, expected) => {
  expect(internationalNumber(typed, country)).toBe(expected)
})

test('what is no number is handed on, for the server to say so', () => {
  expect(internationalNumber(' not a number ', 'US')).toBe('not a number')
  expect(internationalNumber('12', 'XX')).toBe('12')
})

test('digits are grouped while they are typed', () => {
  expect(groupDigits('2025550142', 'US')).toBe('(202) 555-0142')
  expect(groupDigits('+4420794', 'US')).toBe('+44 20 794')
})

test('a number with "+" tells its country once it can', () => {
  expect(countryOfInternational('+4930')).toBe('DE')
  expect(countryOfInternational('+')).toBeUndefined()
  expect(countryOfInternational('2025550142')).toBeUndefined()
})

test('every country to choose has a calling code and a name in every language', () => {
  for (const language of ['en', 'es', 'fr', 'de', 'nl']) {
    const names = new Intl.DisplayNames(language, { type: 'region' })
    for (const country of countries) {
      expect(callingCodeOf(country)).toMatch(/^\d{1,3}$/)
      expect(names.of(country)).not.toBe(country)
    }
  }
})
