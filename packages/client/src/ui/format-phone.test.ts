import { expect, test } from 'vitest'
import { formatPhone } from './format-phone.ts'

const spaced = (number: string, country: string) => formatPhone(number, country).replaceAll('\u00A0', ' ')

test.each([
  ['+12025550142', 'US', '+1 202 555 0142'],
  ['+16135550178', 'CA', '+1 613 555 0178'],
  ['+33199000012', 'FR', '+33 1 99 00 00 12'],
  ['+442079460018', 'GB', '+44 207 946 0018'],
  ['+4930235550', 'DE', '+49 302 355 50'],
])('%s of %s reads %s', (number, country, expected) => {
  expect(spaced(number, country)).toBe(expected)
})

test('a number of an unknown country, or of an unusual length, stays as it is', () => {
  expect(formatPhone('+81312345678', 'JP')).toBe('+81312345678')
  expect(formatPhone('+120255501', 'US')).toBe('+120255501')
})

test('a formatted number never breaks over two lines', () => {
  expect(formatPhone('+12025550142', 'US')).not.toContain(' ')
})
