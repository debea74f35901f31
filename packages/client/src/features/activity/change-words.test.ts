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
  ['notificationChannels', 'Default channels'],
  ['pushShowsContent', 'Content on a locked screen'],
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
  ['JOB_RESCHEDULED', 'EMAIL, IN_APP, SMS', 'Email, In-app, Text message'],
  ['JOB_RESCHEDULED', 'IN_APP, PIGEON', 'In-app, PIGEON'],
  ['JOB_RESCHEDULED', '', 'nothing'],
  ['notificationChannels', 'PUSH, SLACK, VOICE, WHATSAPP', 'Push, Slack, Call, WhatsApp'],
  ['appNotificationPersistent', 'HIGH', 'High'],
  ['appNotificationSound', 'echo_long', 'Echo, long'],
  ['appNotificationSound', 'newer_sound', 'newer_sound'],
  ['pushShowsContent', 'false', 'hidden'],
  ['expiresAt', '2026-11-30T08:12:00.000Z', '30 Nov 2026, 03:12'],
  ['expiresAt', 'soon', 'soon'],
])('%s %j reads "%s"', (field, value, words) => {
  expect(valueInWords(field, value, dictionary)).toBe(words)
})
