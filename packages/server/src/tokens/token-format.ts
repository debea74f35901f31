import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

import { tokenPattern } from '@lanyard/contract/limits'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const prefix = 'lanyard_'
const randomLength = 30
const checksumLength = 6

/**
 * A new token: prefix, 30 random base62 characters (178 bits), and the CRC32 of those 30 as six base62 digits, so that
 * a scanner knows one without asking us and a mistyped one costs no query. Source: api.md, S-F1.
 */
export function newToken(): string {
  const random = Array.from({ length: randomLength }, () => digits.charAt(randomInt(digits.length))).join(
    '',
  )
  return tokenOfRandom(random)
}

/** @param random 30 base62 characters, which whoever is to be kept out must not be able to guess */
export function tokenOfRandom(random: string): string {
  return prefix + random + checksumOf(random)
}

/** Whether the text looks like a token and its checksum is right. */
export function isWellFormedToken(text: string): boolean {
  if (!tokenPattern.test(text)) return false
  const body = text.slice(prefix.length)
  return checksumOf(body.slice(0, randomLength)) === body.slice(randomLength)
}

function checksumOf(random: string): string {
  let rest = crc32(random)
  let checksum = ''
  while (checksum.length < checksumLength) {
    checksum = digits.charAt(rest % digits.length) + checksum
    rest = Math.floor(rest / digits.length)
  }
  return checksum
}
