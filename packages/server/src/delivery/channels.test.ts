import { expect, test } from 'vitest'

import { type CarriedChannel, Channel } from './channel.ts'
import { carries, channels } from './channels.ts'
import type { MessageKind } from './message.ts'

/** The channels that carry a message of the kind. */
function channelsOf(kind: MessageKind, values: object = {}): CarriedChannel[] {
  const message = { kind, values } as Parameters<typeof carries>[1]
  return channels.map(({ channel }) => channel).filter((channel) => carries(channel, message))
}

test('every channel but the inbox is described, once, in the order of the page', () => {
  expect(channels.map(({ channel }) => channel)).toEqual([
    'PUSH',
    'SMS',
    'VOICE',
    'WHATSAPP',
    'SLACK',
    'EMAIL',
  ])
  expect(new Set([...channels.map(({ channel }) => channel), Channel.IN_APP]).size).toBe(
    Object.keys(Channel).length,
  )
})

test('a code goes where it proves something, a test goes everywhere', () => {
  expect(channelsOf('EMAIL_CODE')).toEqual(['EMAIL'])
  expect(channelsOf('PHONE_CODE')).toEqual(['SMS', 'VOICE', 'WHATSAPP'])
  expect(channelsOf('TEST')).toHaveLength(6)
})

test('a call is made for a code, a test or an alert, and for nothing else', () => {
  expect(channelsOf('EVENT', { kind: 'ALERT' })).toContain('VOICE')
  expect(channelsOf('EVENT', { kind: 'NOTIFICATION' })).toEqual([
    'PUSH',
    'SMS',
    'WHATSAPP',
    'SLACK',
    'EMAIL',
  ])
  expect(channelsOf('SLACK_LINKED')).toEqual(['PUSH', 'SMS', 'WHATSAPP', 'SLACK', 'EMAIL'])
})
