import { setupI18n } from '@lingui/core'
import { expect, test } from 'vitest'
import { timeFormat } from '../../ui/TimeFormat.tsx'
import { fieldInWords, valueInWords } from './change-words.ts'

const dictionary = {
  i18n: setupI18n({ locale: 'en', messages: { en: {} } }),
  format: timeFormat('America/New_York', 'en-GB'),
  eventNames: new Map([['JOB_RESCHEDULED', 'Job moved']]),
}

test.each([
  ['publicName', 'Public name'],
  ['accessToken', 'Access token'],
  ['JOB_RESCHEDULED', 'Job moved'],
  ['somethingNewer', 'somethingNewer'],
])('the field %s reads "%s"', (field, words) => {
  expect(fieldInWords(field, dictionary)).toBe(words)
})

test.each([
  ['publicName', 'Mara at Acme', 'Mara at Acme'],
  ['publicName', null, 'none'],
  ['emojiMode', 'true', 'on'],
  ['landingPage', 'LAST_VISITED', 'Last visited page'],
  ['language', 'NL', 'Dutch'],
  ['language', 'XX', 'XX'],
  ['JOB_RESCHEDULED', 'IN_APP', 'In-app'],
  ['JOB_RESCHEDULED', '', 'nothing'],
  ['expiresAt', '2026-11-30T08:12:00.000Z', '30 Nov 2026, 03:12'],
  ['expiresAt', 'soon', 'soon'],
])('%s %j reads "%s"', (field, value, words) => {
  expect(valueInWords(field, value, dictionary)).toBe(words)
})
