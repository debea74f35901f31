import { expect, test } from 'vitest'

import { smtpOutcome } from './smtp-outcome.ts'

const refusedAt = (command: string, responseCode: number, words: string) =>
  smtpOutcome({ code: 'EENVELOPE', command, responseCode, words: `${responseCode} ${words}` }, false)

test.each([
  ['5.1.1 no such user', 'ADDRESS_INVALID'],
  ['5.1.2 no such domain', 'ADDRESS_INVALID'],
  ['5.1.10 null MX', 'ADDRESS_INVALID'],
  ['5.1.8 bad sender', 'MESSAGE_REFUSED'],
  ['5.2.1 switched off', 'ADDRESS_INVALID'],
  ['5.2.2 full', 'UNDELIVERED'],
  ['5.7.26 not authenticated', 'MESSAGE_REFUSED'],
  ['no', 'ADDRESS_INVALID'],
])('a recipient refused by "%s" is %s', (words, reason) => {
  expect(refusedAt('RCPT TO', 550, words)).toEqual({ kind: 'permanent', reason, detail: `550 ${words}` })
})

test('a mailbox that has to wait stops no other', () => {
  expect(refusedAt('RCPT TO', 452, '4.2.2 full')).toMatchObject({ kind: 'passing', isCarriersFault: false })
  expect(refusedAt('MAIL FROM', 452, '4.3.1 no room')).not.toHaveProperty('isCarriersFault')
})

test('a message that is longer than the relay said it takes does not go, however often it is tried', () => {
  const fault = {
    code: 'EMESSAGE',
    command: 'MAIL FROM',
    responseCode: undefined,
    words: 'larger than allowed',
  }
  expect(smtpOutcome(fault, false)).toMatchObject({ kind: 'permanent', reason: 'MESSAGE_REFUSED' })
})

test('a connection that is lost tells something only as long as the message was not whole', () => {
  const fault = { code: 'ECONNECTION', command: 'CONN', responseCode: undefined, words: 'closed' }
  expect(smtpOutcome(fault, false)).toMatchObject({ kind: 'passing', reason: 'CARRIER_UNREACHABLE' })
  expect(smtpOutcome(fault, true)).toEqual({ kind: 'unknown', detail: 'closed' })
})
