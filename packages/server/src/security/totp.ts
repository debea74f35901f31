import { randomBytes } from 'node:crypto'

import { totp } from 'speakeasy'

import { decodeBase32, encodeBase32 } from '../lib/base32.ts'

/** What authenticator apps can be relied on to do. Source: RFC 6238; apps ignore other values of the URL. */
const parameters = { digits: 6, step: 30, algorithm: 'sha1' } as const

/** 160 bits. Source: RFC 4226, R6. */
const secretBytes = 20

/** Not speakeasy's own, whose letters are not even and which may hold fewer than 128 bits. @returns base32, 32 letters */
export function newTotpSecret(): string {
  return encodeBase32(randomBytes(secretBytes))
}

/** Six digits and nothing else: speakeasy reads numbers and would also take `12345x`, `+12345` or a list. */
const codePattern = /^[0-9]{6}$/

/** The code as it is compared, without the blanks that apps show inside it; undefined when it can be none. */
export function readTotpCode(text: string): string | undefined {
  const code = text.replaceAll(/(?<=\d) (?=\d)/g, '')
  return codePattern.test(code) ? code : undefined
}

/**
 * The time step that a code belongs to: that of the moment, the one before, or the one after, as clocks differ and
 * people type slowly (RFC 6238, 5.2). Whether the step was used before is for the caller to find out.
 * @param secret base32
 * @throws Error for a secret that cannot be one of ours
 */
export function stepOfTotpCode(secret: string, code: string, now: Date): number | undefined {
  const key = decodeBase32(secret)
  if (key.length !== secretBytes) throw new Error('a secret has 20 bytes')
  if (!codePattern.test(code)) return undefined

  const seconds = Math.floor(now.getTime() / 1000)
  const found = totp.verifyDelta({
    ...parameters,
    secret: key.toString('hex'),
    encoding: 'hex',
    token: code,
    time: seconds,
    window: 1,
  })
  return found && Math.floor(seconds / parameters.step) + found.delta
}

/** What a QR code says to an authenticator app. Source: the Key Uri Format that all apps follow. */
export function otpauthUrl({
  secret,
  issuer,
  label,
}: {
  secret: string
  issuer: string
  label: string
}): string {
  const { digits, step, algorithm } = parameters
  const query = {
    secret,
    issuer,
    algorithm: algorithm.toUpperCase(),
    digits: String(digits),
    period: String(step),
  }
  // Not URLSearchParams, whose "+" for a blank some apps show as it is.
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(label)}?${pairs.join('&')}`
}
