import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { decodeBase32, encodeBase32 } from './base32.ts'

// RFC 4648, section 10, without its padding.
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('"%s" is written "%s", and read back', (text, encoded) => {
  expect(encodeBase32(Buffer.from(text))).toBe(encoded)
  expect(decodeBase32(encoded).toString()).toBe(text)
})

test('any bytes come back as they were', () => {
  for (let length = 0; length < 64; length++) {
    const bytes = randomBytes(length)
    expect(decodeBase32(encodeBase32(bytes))).toEqual(bytes)
  }
})

test.each(['!!!!', 'my', 'M0', 'MY======', 'M', 'MZX', 'MZXW6Y', 'MZ', 'MY MY', 'ＭＹ'])(
  '"%s" is not base32',
  (text) => {
    expect(() => decodeBase32(text)).toThrow('that is not base32')
  },
)
