import { randomUUID } from 'node:crypto'

import { afterAll, expect, test } from 'vitest'

import { createTestDatabase } from '../../test/database.ts'
import { messageSamples, sceneIn } from '../../test/message-samples.ts'
import { TestClock } from '../../test/test-clock.ts'
import { StatementPool } from '../database/statements.ts'
import { Language } from '../language.ts'
import type { Carrier, Parcel } from './carrier.ts'
import { Catcher } from './catcher.ts'
import { type CarriedChannel, Channel } from './channel.ts'
import type { Destination } from './destination.ts'
import { renderMessage } from './texts/render-message.ts'

const { url } = await createTestDatabase()
const statements = new StatementPool({ databaseUrl: url, named: true })
afterAll(() => statements[Symbol.asyncDispose]())
const catcher: Carrier = new Catcher(statements, new TestClock())
const signal = new AbortController().signal

const phone = { number: '+12025550142', country: 'US' }
const destinations: Record<CarriedChannel, Destination> = {
  EMAIL: { channel: Channel.EMAIL, address: 'mara@example.com' },
  SMS: { channel: Channel.SMS, ...phone },
  VOICE: { channel: Channel.VOICE, ...phone },
  WHATSAPP: { channel: Channel.WHATSAPP, ...phone },
  PUSH: {
    channel: Channel.PUSH,
    endpoint: `https://push.example.com/${'x'.repeat(400)}`,
    p256dh: 'p',
    auth: 'a',
    wishes: { sound: 'default', persistentFrom: 'NEVER', showsContent: false },
  },
  SLACK: { channel: Channel.SLACK, token: 'xoxb-secret', slackUserId: 'U012', teamId: 'T012' },
}

async function parcelTo(to: Destination): Promise<Parcel> {
  return {
    userId: randomUUID(),
    deliveryId: randomUUID(),
    attemptKey: 'key',
    reference: 'reference',
    to,
    message: await renderMessage(to.channel, messageSamples.EVENT, sceneIn(Language.ES)),
    lifeSeconds: 60,
  }
}

function caught({ userId }: Parcel): Promise<Record<string, unknown>[]> {
  return statements.run({ name: undefined, text: 'select * from caught_message where user_id = $1' }, [
    userId,
  ])
}

test.each(Object.values(destinations))('keeps what would have gone out by $channel', async (to) => {
  const parcel = await parcelTo(to)
  expect(await catcher.send(parcel, signal)).toEqual({
    kind: 'accepted',
    carrierId: parcel.deliveryId,
    carrierStatus: 'caught',
    delivered: true,
  })
  const [row] = await caught(parcel)
  expect(row).toMatchObject({
    channel: to.channel,
    delivery_id: parcel.deliveryId,
    message: parcel.message,
  })
  expect(row?.['to']).toMatch(
    /^(?:mara@example\.com|\+12025550142|https:\/\/push\.example\.com\/x+|U012 in T012)$/,
  )
  expect(row?.['text']).toMatch(/\S/)
  expect(JSON.stringify(row)).not.toContain('xoxb-secret')
})

test('a parcel that is handed over twice, at once or later, is kept once', async () => {
  const parcel = await parcelTo(destinations.SMS)
  const outcomes = await Promise.all([catcher.send(parcel, signal), catcher.send(parcel, signal)])
  outcomes.push(await catcher.send(parcel, signal))
  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted'])
  expect(await caught(parcel)).toHaveLength(1)
})
