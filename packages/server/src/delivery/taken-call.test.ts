import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { createDeliveryBench, wayTo } from '../../test/delivery-bench.ts'
import { Channel } from './channel.ts'
import { findTakenCall } from './taken-call.ts'

const bench = await createDeliveryBench()
const { statements, sealing } = bench
const ways = [wayTo('+12125550142', Channel.VOICE)] as const

async function aCall(state: string, channel = Channel.VOICE) {
  const userId = randomUUID()
  const message = { kind: 'PHONE_CODE', values: {}, secrets: { code: '012345' } } as const
  const recipient = { language: 'NL', timeZone: 'Europe/Amsterdam' }
  const deliveryId = await bench.queue({
    userId,
    message,
    recipient,
    ways: [{ ...ways[0], channel }],
  })
  const failed = ['FAILED', 'UNDELIVERED', 'SUPPRESSED'].includes(state)
  await bench.execute(
    `update delivery set state = ?, reason = case when ? then 'FAULT' end, failed_at = case when ? then now() end
      where id = ?`,
    [state, failed, failed, deliveryId],
  )
  return { userId, deliveryId }
}

test.each(['SENDING', 'SENT'])('a call that is %s has its message, with the code', async (state) => {
  expect(await findTakenCall(statements, sealing, await aCall(state))).toEqual({
    message: { kind: 'PHONE_CODE', values: {}, secrets: { code: '012345' } },
    language: 'NL',
    timeZone: 'Europe/Amsterdam',
  })
})

test.each(['QUEUED', 'DELIVERED', 'UNDELIVERED', 'FAILED', 'SUPPRESSED'])(
  'a call that is %s says nothing',
  async (state) => {
    expect(await findTakenCall(statements, sealing, await aCall(state))).toBeNull()
  },
)

test('neither does a text, nor the call of somebody else', async () => {
  expect(await findTakenCall(statements, sealing, await aCall('SENT', Channel.SMS))).toBeNull()
  const { deliveryId } = await aCall('SENT')
  expect(await findTakenCall(statements, sealing, { userId: randomUUID(), deliveryId })).toBeNull()
})
