import { tokenPattern } from '@lanyard/contract/limits'
import { expect, test } from 'vitest'
import { isWellFormedToken, newToken } from './token-format.ts'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** CRC-32 (ISO 3309) bit by bit, so that the checksum is not proven by the function that made it. */
function crc32(text: string): bigint {
  let crc = 0xffffffffn
  for (const byte of Buffer.from(text)) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0xedb88320n : crc >> 1n
  }
  return crc ^ 0xffffffffn
}

function base62(value: bigint): string {
  let text = ''
  for (let rest = value; rest > 0n; rest /= 62n) text = digits.charAt(Number(rest % 62n)) + text
  return text.padStart(6, '0')
}

test('a thousand tokens have the published form and checksum, and none is like another', () => {
  const tokens = Array.from({ length: 1000 }, newToken)
  expect(new Set(tokens).size).toBe(1000)
  for (const token of tokens) {
    expect(token).toMatch(/^lanyard_[0-9A-Za-z]{36}$/)
    expect(token).toMatch(tokenPattern)
    const random = token.slice(8, 38)
    expect(token.slice(38)).toBe(base62(crc32(random)))
    expect(isWellFormedToken(token)).toBe(true)
  }
  const used = new Set(tokens.join('').replaceAll('lanyard_', ''))
  expect([...used].toSorted().join('')).toBe(digits)
})

test('the checksum of a known token, worked out by another program', () => {
  // Python: zlib.crc32(b'0' * 30) is 2011552642.
  expect(crc32('0'.repeat(30))).toBe(2011552642n)
  expect(isWellFormedToken(`lanyard_${'0'.repeat(30)}2C8GjS`)).toBe(true)
})

test('one character changed, anywhere, is noticed', () => {
  const token = newToken()
  for (let place = 8; place < token.length; place++) {
    const other = token.charAt(place) === 'a' ? 'b' : 'a'
    expect(isWellFormedToken(token.slice(0, place) + other + token.slice(place + 1))).toBe(false)
  }
})

test.each([
  ['nothing', ''],
  ['a prefix alone', 'lanyard_'],
  ['a token cut short', newToken().slice(0, -1)],
  ['a token with something after it', `${newToken()}0`],
  ['a token with a line break after it', `${newToken()}\n`],
  ['a token with a blank before it', ` ${newToken()}`],
  ['a token in capitals', newToken().toUpperCase()],
])('%s is no token', (_what, text) => {
  expect(isWellFormedToken(text)).toBe(false)
})
