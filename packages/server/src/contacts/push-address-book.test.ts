import { randomUUID } from 'node:crypto'
import { afterAll, expect, test, vi } from 'vitest'
import { newSubscription } from '../../test/push-subscriptions.ts'
import { testSecretKeys } from '../../test/secret-keys.ts'
import { createTestServer } from '../../test/server.ts'
import { StatementPool } from '../database/statements.ts'
import { Channel } from '../delivery/channel.ts'
import type { AddressQuery } from '../delivery/destination.ts'
import { SealingKeys } from '../sealing-keys.ts'
import type { User } from '../users/user.entity.ts'
import { pushAddressBook } from './push-address-book.ts'

const server = await createTestServer()
const statements = new StatementPool({ databaseUrl: server.databaseUrl, named: true })
afterAll(() => statements[Symbol.asyncDispose]())
const onError = vi.fn()
const sealing = new SealingKeys([testSecretKeys])
const book = pushAddressBook({ statements, sealing, clock: server.clock, onError })

const queryFor = (user: User, addressId: string | null): AddressQuery => ({
  userId: user.id,
  channel: Channel.PUSH,
  addressId,
  address: 'Firefox on Linux',
  forProof: false,
})

async function personWithDevice() {
  const user = await server.build.user()
  const browser = await server.as(user)
  const subscription = newSubscription()
  const { data } = await browser.mutate('registerPushDevice', subscription, 'pushDevice { id }')
  return { user, browser, subscription, deviceId: String(data.registerPushDevice.pushDevice.id) }
}

test('a device is found with its subscription and with what its person wants of pushes', async () => {
  const { user, browser, subscription, deviceId } = await personWithDevice()
  const wishes = {
    appNotificationSound: 'tugboat',
    appNotificationPersistent: 'HIGH',
    pushShowsContent: true,
  }
  await browser.mutate('updatePreferences', wishes, 'me { id }')
  expect(await book.look([queryFor(user, deviceId)])).toEqual([
    {
      usable: true,
      to: {
        channel: 'PUSH',
        ...subscription,
        wishes: { sound: 'tugboat', persistentFrom: 'HIGH', showsContent: true },
      },
    },
  ])
})

test('each query has its own answer: another person’s device, one that is gone and one that nobody can open', async () => {
  const { user, deviceId } = await personWithDevice()
  const other = await personWithDevice()
  const sealedElsewhere = await server.build.pushDevice(user)
  const gone = { usable: false, reason: 'ADDRESS_GONE' }
  const answers = await book.look([
    queryFor(user, other.deviceId),
    queryFor(user, randomUUID()),
    queryFor(user, null),
    queryFor(user, sealedElsewhere.id),
    queryFor(user, deviceId),
  ])
  expect(answers).toEqual([
    gone,
    gone,
    gone,
    { usable: false, reason: 'FAULT' },
    expect.objectContaining({ usable: true }),
  ])
  expect(onError).toHaveBeenCalledOnce()
})

test('a device whose push service knows it no more is removed, and the history says so once', async () => {
  const { user, browser, deviceId } = await personWithDevice()
  const query = queryFor(user, deviceId)
  await Promise.all([book.forget(query), book.forget(query)])
  expect(await book.look([query])).toEqual([{ usable: false, reason: 'ADDRESS_GONE' }])
  const { data } = await browser.query(
    '{ me { pushDevices { id } activity { nodes { action actor { id } address device } } } }',
  )
  expect(data.me.pushDevices).toEqual([])
  expect(data.me.activity.nodes).toMatchObject([
    { action: 'PUSH_DEVICE_REMOVED', actor: null, address: null, device: null },
    { action: 'PUSH_DEVICE_REGISTERED' },
  ])
})
