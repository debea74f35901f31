import { createHmac, randomBytes } from 'node:crypto'

import { recoveryCodes } from '@lanyard/contract/limits'

/** Crockford's: no I, L, O or U, which are misread or misspeak. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codePattern = new RegExp(`^[${alphabet}]{${recoveryCodes.letters}}$`)

export interface NewRecoveryCodes {
  /** As they are shown once, `XXXX-XXXX-XXXX-XXXX`. */
  shown: string[]
  /** What their HMACs are made with; to be sealed. A key of their own, so that they outlive those of the server. */
  key: string
  /** What is kept of them. */
  macs: Buffer[]
}

/** Sixteen of 80 bits each. Source: decision 10, S-B5. */
export function newRecoveryCodes(): NewRecoveryCodes {
  const key = randomBytes(32).toString('base64url')
  const codes = Array.from({ length: recoveryCodes.count }, newCode)
  return {
    shown: codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code),
    key,
    macs: codes.map((code) => macOfRecoveryCode(key, code)),
  }
}

/** The letters that were meant, in any case, with dashes or without, and misread as people do; undefined when none were. */
export function readRecoveryCode(text: string): string | undefined {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0')
  return codePattern.test(code) ? code : undefined
}

/** @param code as it is read, in capitals without dashes */
export function macOfRecoveryCode(key: string, code: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(code).digest()
}

function newCode(): string {
  // Of 256 values each letter gets eight: none is likelier than another.
  return Array.from(randomBytes(recoveryCodes.letters), (byte) => alphabet.charAt(byte & 31)).join('')
}
