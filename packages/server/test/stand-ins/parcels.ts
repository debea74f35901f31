import { randomUUID } from 'node:crypto'

import type { Parcel } from '../../src/delivery/carrier.ts'
import { Channel } from '../../src/delivery/channel.ts'
import type { Destination } from '../../src/delivery/destination.ts'
import type { RenderedMessage } from '../../src/delivery/rendered-message.ts'
import { newId } from '../../src/lib/ids.ts'

/** A parcel as the workers hand it to a carrier; the caller says what it cares about. */
export function parcelOf(
  to: Destination,
  message: RenderedMessage,
  more: Partial<Omit<Parcel, 'to' | 'message'>> = {},
): Parcel {
  const reference = `r${randomUUID().replaceAll(/[-0189]/g, 'q')}`.padEnd(60, 'a')
  return {
    userId: newId(),
    deliveryId: newId(),
    attemptKey: randomUUID(),
    reference,
    lifeSeconds: 600,
    ...more,
    to,
    message,
  }
}

export const testNumber = '+12025550142'

export function textParcel(text = 'Your code is 123456', more: Partial<Parcel> = {}): Parcel {
  const to = { channel: Channel.SMS, number: testNumber, country: 'US' } as const
  return parcelOf(to, { channel: Channel.SMS, text, segments: 1 }, more)
}

export function callParcel(): Parcel {
  const to = { channel: Channel.VOICE, number: testNumber, country: 'US' } as const
  const sentences = ['Your code is 1, 2, 3, 4, 5, 6.']
  return parcelOf(to, { channel: Channel.VOICE, locale: 'en-US', sentences, keys: {} })
}

export function whatsAppParcel(variables: Record<string, string> = { 1: '123456' }): Parcel {
  const to = { channel: Channel.WHATSAPP, number: testNumber, country: 'US' } as const
  const text = `${variables['1']} is your code.`
  return parcelOf(to, { channel: Channel.WHATSAPP, template: 'code', language: 'en', variables, text })
}

export function mailParcel(address = 'ada@example.com', unsubscribeUrl?: string): Parcel {
  return parcelOf(
    { channel: Channel.EMAIL, address },
    {
      channel: Channel.EMAIL,
      subject: 'Your code',
      html: '<p>Your code is <b>123456</b></p>',
      text: 'Your code is 123456',
      ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }),
    },
  )
}

export function pushParcel(
  { endpoint, p256dh, auth }: { endpoint: string; p256dh: string; auth: string },
  words: { title?: string; body?: string } = {},
): Parcel {
  const wishes = { sound: 'default', persistentFrom: 'NEVER', showsContent: false }
  return parcelOf(
    { channel: Channel.PUSH, endpoint, p256dh, auth, wishes },
    {
      channel: Channel.PUSH,
      title: 'Lanyard',
      body: 'You have a new notification',
      path: '/inbox',
      topic: 'abcdefghijklmnopqrstuvwxyz-_0123',
      urgency: 'high',
      sound: 'default',
      persistent: false,
      ...words,
    },
  )
}

export function slackParcel({
  token,
  slackUserId = 'U0ADA',
}: {
  token: string
  slackUserId?: string
}): Parcel {
  return parcelOf(
    { channel: Channel.SLACK, token, slackUserId, teamId: 'T0EXAMPLE' },
    {
      channel: Channel.SLACK,
      text: 'A test from Lanyard',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'A test from Lanyard' } }],
    },
  )
}
