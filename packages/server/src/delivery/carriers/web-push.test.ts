import { inspect } from 'node:util'

import webPush from 'web-push'
import { afterAll, beforeEach, expect, test } from 'vitest'

import { pushParcel } from '../../../test/stand-ins/parcels.ts'
import { PushStandIn } from '../../../test/stand-ins/push-stand-in.ts'
import { TestClock } from '../../../test/test-clock.ts'
import { OutboundHttp } from '../../lib/outbound-http.ts'
import type { Outcome, Parcel } from '../carrier.ts'
import { createWebPush } from './web-push.ts'

const push = await PushStandIn.listen()
const other = await PushStandIn.listen()
const http = new OutboundHttp({ allowedHosts: [push.host, other.host] })
const vapid = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() }
const clock = new TestClock()
/** Of a process that has just started: nothing is known of any push service. */
const sender = () => {
  const carrier = createWebPush({ http, clock, vapid, pushHosts: [] })
  return (parcel: Parcel): Promise<Outcome> => carrier.send(parcel, AbortSignal.timeout(10_000))
}
const send = sender()

afterAll(async () => {
  for (const each of [http, push, other]) await each[Symbol.asyncDispose]()
})
beforeEach(() => {
  push.answerAsUsual()
  push.pushes.length = 0
  push.requests.length = 0
  clock.advanceSeconds(7200)
})

test('the browser reads what was sent, and the service sees who sends it and how it is meant', async () => {
  const subscription = push.subscribe()
  expect(await send(pushParcel(subscription))).toEqual({
    kind: 'accepted',
    carrierId: null,
    carrierStatus: 'HTTP 201',
  })

  const [received] = push.pushes
  expect(received?.payload).toEqual({
    title: 'Lanyard',
    body: 'You have a new notification',
    path: '/inbox',
    topic: 'abcdefghijklmnopqrstuvwxyz-_0123',
    urgency: 'high',
    sound: 'default',
    persistent: false,
  })
  expect(received?.headers).toMatchObject({
    ttl: '600',
    urgency: 'high',
    topic: 'abcdefghijklmnopqrstuvwxyz-_0123',
    'content-encoding': 'aes128gcm',
  })
  expect(received?.vapidPublicKey).toBe(vapid.publicKey)
  expect(received?.claims).toMatchObject({ aud: push.url, sub: 'mailto:ops@example.com' })
  const lifeOfProof = (received?.claims.exp ?? 0) - Date.now() / 1000
  expect(lifeOfProof).toBeGreaterThan(0)
  expect(lifeOfProof).toBeLessThanOrEqual(86_400)
})

test('each push has a salt and a key of its own', async () => {
  const subscription = push.subscribe()
  for (let count = 0; count < 20; count++) await send(pushParcel(subscription))
  const bodies = push.requests.map(({ body }) => body)
  expect(new Set(push.pushes.map(({ salt }) => salt)).size).toBe(20)
  expect(new Set(bodies.map((body) => body.subarray(21, 86).toString('hex'))).size).toBe(20)
})

test.each([
  ['a', 10_000],
  ['é', 5000],
  ['👩‍🚒', 2000],
  ['"', 5000],
])('words of %j fit into one record, however many there are', async (letter, count) => {
  const parcel = pushParcel(push.subscribe(), { body: letter.repeat(count) })
  expect(await send(parcel)).toMatchObject({ kind: 'accepted' })

  const [received] = push.pushes
  const bytes = Buffer.byteLength(JSON.stringify(received?.payload))
  expect(bytes).toBeLessThanOrEqual(3993)
  expect(bytes).toBeGreaterThan(3000)
  expect(received?.bytes).toBeLessThanOrEqual(4096)
  expect(received?.payload['title']).toBe('Lanyard')
  expect(received?.payload['body']).toMatch(/…$/)
})

test('a title alone is cut as well', async () => {
  expect(await send(pushParcel(push.subscribe(), { title: 'x'.repeat(9000), body: '' }))).toMatchObject({
    kind: 'accepted',
  })
  expect(push.pushes[0]?.payload).toMatchObject({ title: expect.stringMatching(/^x+…$/), body: '' })
})

test('what is too long for a service is sent once more, shorter, and then not again', async () => {
  const words = { body: 'x'.repeat(3000) }
  push.answerNext({ status: 413 })
  expect(await send(pushParcel(push.subscribe(), words))).toMatchObject({ kind: 'accepted' })
  expect(push.requests.map(({ body }) => body.length)).toEqual([expect.any(Number), push.pushes[0]?.bytes])
  expect(push.pushes[0]?.bytes).toBeLessThan((push.requests[0]?.body.length ?? 0) / 1.8)

  push.requests.length = 0
  push.answerNext({ status: 413 }, { status: 413 })
  expect(await send(pushParcel(push.subscribe(), words))).toEqual({
    kind: 'permanent',
    reason: 'MESSAGE_REFUSED',
    detail: 'HTTP 413',
  })
  expect(push.requests).toHaveLength(2)
})

test.each([404, 410])('a subscription that answers %i is gone', async (status) => {
  push.answerNext({ status })
  expect(await send(pushParcel(push.subscribe()))).toEqual({
    kind: 'permanent',
    reason: 'ADDRESS_GONE',
    detail: `HTTP ${status}`,
    addressGone: true,
  })
})

test.each([
  [400, 'MESSAGE_REFUSED'],
  [401, 'CARRIER_REFUSED'],
  [403, 'CARRIER_REFUSED'],
])('a service that answers %i does not forget the browser', async (status, reason) => {
  push.answerNext({ status, body: 'no' })
  const outcome = await send(pushParcel(push.subscribe()))
  expect(outcome).toEqual({ kind: 'permanent', reason, detail: `HTTP ${status}` })
})

test('a service that asks to wait is left alone so long, and others are not', async () => {
  push.answerNext({ status: 429, headers: { 'retry-after': '120' } })
  const subscription = push.subscribe()
  expect(await send(pushParcel(subscription))).toMatchObject({ kind: 'passing', reason: 'CARRIER_BUSY' })
  clock.advanceSeconds(119)
  expect(await send(pushParcel(subscription))).toMatchObject({
    kind: 'passing',
    reason: 'CARRIER_BUSY',
    detail: 'the push service is left alone for 1 more seconds',
    isCarriersFault: false,
  })
  expect(push.requests).toHaveLength(1)
  expect(await send(pushParcel(other.subscribe()))).toMatchObject({ kind: 'accepted' })
  clock.advanceSeconds(1)
  expect(await send(pushParcel(subscription))).toMatchObject({ kind: 'accepted' })
})

test('a date to wait for is a wait as well', async () => {
  const until = new Date(clock.now().getTime() + 60_000).toUTCString()
  push.answerNext({ status: 503, headers: { 'retry-after': until } })
  const subscription = push.subscribe()
  expect(await send(pushParcel(subscription))).toMatchObject({ kind: 'passing', reason: 'CARRIER_FAILED' })
  clock.advanceSeconds(30)
  expect(await send(pushParcel(subscription))).toMatchObject({ kind: 'passing', reason: 'CARRIER_BUSY' })
  expect(push.requests).toHaveLength(1)
})

test('a service that fails is tried once in ten seconds, and others are not held up', async () => {
  const send = sender()
  push.answerAlways({ status: 500 })
  const subscription = push.subscribe()
  for (let count = 0; count < 40; count++) {
    expect(await send(pushParcel(subscription))).toMatchObject({ kind: 'passing', isCarriersFault: false })
  }
  expect(push.requests).toHaveLength(20)
  expect(await send(pushParcel(other.subscribe()))).toMatchObject({ kind: 'accepted' })

  clock.advanceSeconds(10)
  for (let count = 0; count < 5; count++) await send(pushParcel(subscription))
  expect(push.requests).toHaveLength(21)

  push.answerAsUsual()
  clock.advanceSeconds(10)
  for (let count = 0; count < 5; count++) {
    expect(await send(pushParcel(subscription))).toMatchObject({ kind: 'accepted' })
  }
})

test('a service that fails now and then is called all the same', async () => {
  const send = sender()
  const subscription = push.subscribe()
  for (let count = 0; count < 60; count++) {
    if (count % 3 === 0) push.answerNext({ status: 500 })
    await send(pushParcel(subscription))
  }
  expect(push.requests).toHaveLength(60)
})

test('only the named push services are called, and their subdomains', async () => {
  const named = createWebPush({ http, clock, vapid, pushHosts: ['push.example.com', '127.0.0.1'] })
  const trySending = (endpoint: string) =>
    named.send(pushParcel({ ...push.subscribe(), endpoint }), AbortSignal.abort())
  const refused = {
    kind: 'permanent',
    reason: 'ADDRESS_INVALID',
    detail: 'its push service is not among PUSH_HOSTS',
  }

  for (const endpoint of [
    'https://push.example.org/x',
    'https://notpush.example.com/x',
    'https://push.example.com.evil.example/x',
    'https://push.example.com@evil.example/x',
    'no URL',
  ]) {
    expect(await trySending(endpoint)).toEqual(refused)
  }
  for (const endpoint of [
    'https://push.example.com/x',
    'https://eu.push.example.com/x',
    `${push.url}/push/x`,
  ]) {
    expect(await trySending(endpoint)).toMatchObject({ kind: 'passing', reason: 'CARRIER_UNREACHABLE' })
  }
})

test('an endpoint in our own network is not called', async () => {
  const subscription = push.subscribe()
  const strict = new OutboundHttp({ allowedHosts: [] })
  const careful = createWebPush({ http: strict, clock, vapid, pushHosts: [] })
  const outcome = await careful.send(pushParcel(subscription), AbortSignal.timeout(5000))
  expect(outcome).toMatchObject({ kind: 'permanent', reason: 'ADDRESS_INVALID' })
  expect(push.requests).toHaveLength(0)
  await strict[Symbol.asyncDispose]()
})

test.each([
  ['p256dh', 'AAAA'],
  ['p256dh', Buffer.alloc(65).toString('base64url')],
  ['auth', 'AAAA'],
])('a subscription with a broken %s is refused before anything is sent', async (name, value) => {
  const outcome = await send(pushParcel({ ...push.subscribe(), [name]: value }))
  expect(outcome).toMatchObject({ kind: 'permanent', reason: 'ADDRESS_INVALID' })
  expect(push.requests).toHaveLength(0)
})

test('a point that is not on the curve is a broken key, not a mistake of ours', async () => {
  const point = Buffer.alloc(65, 7)
  point[0] = 4
  const outcome = await send(pushParcel({ ...push.subscribe(), p256dh: point.toString('base64url') }))
  expect(outcome).toMatchObject({ kind: 'permanent', reason: 'ADDRESS_INVALID' })
})

test('no outcome tells the endpoint, not even where the service repeats it', async () => {
  const subscription = push.subscribe()
  const outcomes: Outcome[] = []
  for (const status of [400, 404, 429, 500, 502]) {
    push.answerNext({ status, body: `no such subscription ${subscription.endpoint}` })
    outcomes.push(await send(pushParcel(subscription)))
  }
  push.answerNext('reset')
  outcomes.push(await send(pushParcel(subscription)))
  expect(outcomes).toHaveLength(6)
  expect(inspect(outcomes, { depth: 5 })).not.toContain(subscription.id)
})
