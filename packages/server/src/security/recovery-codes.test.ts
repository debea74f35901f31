import { expect, test } from 'vitest'
import { macOfRecoveryCode, newRecoveryCodes, readRecoveryCode } from './recovery-codes.ts'

test('sixteen codes of sixteen letters, all different, and each is found by what is kept of it', () => {
  const { shown, key, macs } = newRecoveryCodes()
  expect(new Set(shown).size).toBe(16)
  for (const [index, code] of shown.entries()) {
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(macOfRecoveryCode(key, readRecoveryCode(code) ?? '')).toEqual(macs[index])
  }
  expect(newRecoveryCodes().key).not.toBe(key)
})

test.each([
  '0123-4567-89AB-CDEF',
  '0123456789abcdef',
  'oi23 4567 89ab cdef',
  'OL23-4567-89ab-CDEF',
  ' 0123-4567-89AB-CDEF\n',
])('"%s" is read as the code it was copied from', (text) => {
  expect(readRecoveryCode(text)).toBe('0123456789ABCDEF')
})

test.each([
  '',
  '123456',
  '0123-4567-89AB-CDE',
  '0123-4567-89AB-CDEFG',
  '0123-4567-89AB-CDEU',
  '0123_4567_89AB_CDEF',
])('"%s" is no recovery code', (text) => {
  expect(readRecoveryCode(text)).toBeUndefined()
})
