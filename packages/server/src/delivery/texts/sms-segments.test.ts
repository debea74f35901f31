import { expect, test } from 'vitest'

import { isGsm, segmentsOf, withPlainSigns } from './sms-segments.ts'

/** The basic table and the extension of 3GPP TS 23.038, by code point. */
const oneByte =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const escaped = '\f^{}\\[~]|€'

test('the alphabet of 7 bits has its 127 letters and ten more by escape, and nothing else', () => {
  expect(new Set(oneByte).size).toBe(127)
  const known = [...oneByte, ...escaped]
  const all = Array.from({ length: 0x10000 }, (_, point) => String.fromCharCode(point))
  expect(all.filter(isGsm).toSorted()).toEqual(known.toSorted())
})

test('letters of 7 bits: 160 alone, 153 each together', () => {
  for (let length = 0; length <= 160; length++) expect(segmentsOf('a'.repeat(length))).toBe(1)
  for (let length = 161; length <= 1000; length++) {
    expect(segmentsOf('a'.repeat(length))).toBe(Math.ceil(length / 153))
  }
})

test.each([...escaped])('%j takes two places and is never cut in two', (character) => {
  expect(segmentsOf(character.repeat(80))).toBe(1)
  expect(segmentsOf(character.repeat(81))).toBe(2)
  expect(segmentsOf(`a${character.repeat(79)}`)).toBe(1)
  expect(segmentsOf(`a${character.repeat(80)}`)).toBe(2)
  // 152 places are used, the last of 153 stays empty.
  expect(segmentsOf('a'.repeat(152) + character + 'a'.repeat(151))).toBe(2)
  expect(segmentsOf('a'.repeat(152) + character + 'a'.repeat(152))).toBe(3)
  expect(segmentsOf('a'.repeat(151) + character + 'a'.repeat(153))).toBe(2)
})

test('one letter of another alphabet: 70 alone, 67 each together', () => {
  for (let length = 0; length <= 69; length++) expect(segmentsOf(`ç${'a'.repeat(length)}`)).toBe(1)
  for (let length = 71; length <= 500; length++) {
    expect(segmentsOf(`ç${'a'.repeat(length - 1)}`)).toBe(Math.ceil(length / 67))
  }
})

test('a character of two units is never cut in two', () => {
  expect(segmentsOf('🔧'.repeat(35))).toBe(1)
  expect(segmentsOf(`a${'🔧'.repeat(35)}`)).toBe(2)
  // 66 units are used, the last of 67 stays empty.
  expect(segmentsOf('🔧'.repeat(66))).toBe(2)
  expect(segmentsOf(`${'🔧'.repeat(66)}aa`)).toBe(3)
})

test('fine quotation marks and dashes do not double what a message costs', () => {
  expect(withPlainSigns('„Tor 3“ – «a» « b » ‘c’ “d”…')).toBe('"Tor 3" - "a" "b" \'c\' "d"...')
  expect(withPlainSigns('ça…')).toBe('ça…')
})
