import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { createInboundBench } from '../../test/inbound-bench.ts'
import { Channel } from '../delivery/channel.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import { followFailure } from './failed-delivery.ts'

const bench = await createInboundBench({ environment: {} })
const scene = bench.createScene('', 'Twilio')

type Outcome = Parameters<typeof followFailure>[1]['outcome']

const permanent = (reason: DeliveryReason, detail = ''): Outcome => ({ kind: 'permanent', reason, detail })
const passing = (detail: string): Outcome => ({
  kind: 'passing',
  reason: DeliveryReason.CARRIER_BUSY,
  detail,
})

function fail(channel: Channel, address: string, outcome: Outcome) {
  const delivery = { userId: randomUUID(), id: randomUUID(), channel, address }
  return followFailure(scene, { delivery, outcome })
}

let numbers = 0
const addressOn = (channel: Channel) =>
  channel === Channel.EMAIL ? `Person.${randomUUID()}@example.com` : `+1646555010${numbers++ % 10}`

test.each([
  [Channel.SMS, permanent(DeliveryReason.OPTED_OUT, '21610 unsubscribed'), 'OPTED_OUT'],
  [Channel.WHATSAPP, permanent(DeliveryReason.OPTED_OUT, '63032'), 'OPTED_OUT'],
  [Channel.VOICE, permanent(DeliveryReason.OPTED_OUT), undefined],
  [Channel.SMS, permanent(DeliveryReason.ADDRESS_INVALID, '21614'), undefined],
  [Channel.EMAIL, permanent(DeliveryReason.ADDRESS_INVALID, '550 5.1.1 unknown'), 'BOUNCE'],
  [Channel.EMAIL, permanent(DeliveryReason.MESSAGE_REFUSED, '554 5.7.1 spam'), undefined],
  [Channel.EMAIL, permanent(DeliveryReason.UNDELIVERED, '552 5.2.2 full'), undefined],
])('on %s the outcome %j blocks for %s', async (channel, outcome, blocked) => {
  const address = addressOn(channel)
  await fail(channel, address, outcome)
  expect((await bench.blockOf(channel, address.toLowerCase()))?.reason).toBe(blocked)
})

test.each([
  [passing('452 4.2.2 mailbox full'), 'UNDELIVERABLE'],
  [permanent(DeliveryReason.UNDELIVERED, '552 5.2.2 full'), 'UNDELIVERABLE'],
  [passing('421 4.7.0 too many connections'), undefined],
  [passing('421 come again'), undefined],
])('mail that fails three times with %j makes the address %s', async (outcome, blocked) => {
  const address = addressOn(Channel.EMAIL)
  for (let time = 0; time < 3; time++) await fail(Channel.EMAIL, address, outcome)
  expect((await bench.blockOf('EMAIL', address.toLowerCase()))?.reason).toBe(blocked)
})
