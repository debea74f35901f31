import { CombinedGraphQLErrors } from '@apollo/client'
import { errorCodes } from '@lanyard/contract/error-code'
import { fieldFaults } from '@lanyard/contract/field-fault'
import { setupI18n } from '@lingui/core'
import { expect, test } from 'vitest'
import { refusalOf } from './error-messages.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const refused = (extensions: Record<string, unknown>) =>
  refusalOf(new CombinedGraphQLErrors({ errors: [{ message: 'not for people', extensions }] }), i18n)

test.each(errorCodes)('%s becomes a sentence', (code) => {
  const refusal = refused({ code, retryAfterSeconds: 3 })
  expect(refusal?.code).toBe(code)
  expect(refusal?.sentence).toMatch(/^[A-Z][^{}]+\.$/)
})

test.each(fieldFaults)('a field that is %s says so beside the field', (reason) => {
  expect(refused({ code: 'BAD_USER_INPUT', field: 'name', reason })?.fields['name']).toMatch(/^[A-Z].+\.$/)
})

test('a limited caller learns for how long', () => {
  expect(refused({ code: 'RATE_LIMITED', retryAfterSeconds: 1 })?.sentence).toContain('in 1 second.')
  expect(refused({ code: 'RATE_LIMITED', retryAfterSeconds: 30 })?.sentence).toContain('in 30 seconds.')
  expect(refused({ code: 'RATE_LIMITED', retryAfterSeconds: 121 })?.sentence).toContain('in 3 minutes.')
})

test('a refusal of one field without a reason marks that field', () => {
  expect(refused({ code: 'USERNAME_TAKEN', field: 'username' })?.fields).toEqual({
    username: 'Somebody else has this username.',
  })
})

test('a failure of the server keeps its number, and an unknown code is one', () => {
  expect(refused({ code: 'INTERNAL', requestId: '7f3c-91ab' })?.requestId).toBe('7f3c-91ab')
  expect(refused({ code: 'SOMETHING_NEW' })?.code).toBe('INTERNAL')
})

test('no answer is told apart from a refusal, and no error is none', () => {
  expect(refusalOf(new TypeError('Failed to fetch'), i18n)?.code).toBe('UNREACHABLE')
  expect(refusalOf(undefined, i18n)).toBeUndefined()
})
