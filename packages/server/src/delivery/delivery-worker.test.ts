import { randomUUID } from 'node:crypto'

import { beforeEach, expect, test, vi } from 'vitest'

import { accepted, createDeliveryBench, FakeCarrier, wayTo } from '../../test/delivery-bench.ts'
import { fewAtOnce } from '../../test/few-at-once.ts'
import { recordCarrierReport } from './carrier-report.ts'
import { Channel } from './channel.ts'
import { claimDeliveries } from './claiming.ts'
import { DeliveryReason } from './delivery-reason.ts'
import type { DeliveryWorker } from './delivery-worker.ts'
import { OutcomeStore } from './outcome-store.ts'

const bench = await createDeliveryBench()
const { clock, statements, queue, find } = bench
let carrier: FakeCarrier
let worker: DeliveryWorker | undefined

beforeEach(async () => {
  await bench.execute('truncate delivery, carrier_state, address_health')
  bench.book.exceptions.clear()
  bench.failures.length = 0
  carrier = new FakeCarrier()
  return async () => {
    worker = undefined
    await bench.stopWorkers()
    expect(bench.errors.splice(0)).toEqual([])
  }
})

function start(): DeliveryWorker {
  worker = bench.startWorker({ SMS: carrier })
  worker.wake()
  return worker
}

function becomes(id: string, expected: object): Promise<void> {
  return vi.waitFor(async () => expect(await find(id)).toMatchObject(expected), {
    timeout: 8000,
    interval: 20,
  })
}

const passing = { kind: 'passing', reason: DeliveryReason.CARRIER_FAILED, detail: 'HTTP 503' } as const
const permanent = { kind: 'permanent', reason: DeliveryReason.ADDRESS_INVALID, detail: '21211' } as const
const unknown = { kind: 'unknown', detail: 'no answer' } as const

test('what is queued is handed over once, with a key, and stored as sent with what the carrier called it', async () => {
  const id = await queue()
  start()
  await becomes(id, {
    state: 'SENT',
    attempts: 1,
    carrier: 'fake',
    carrierId: 'c-1',
    carrierStatus: 'queued',
    sentAt: clock.now(),
    leaseToken: null,
  })
  expect(carrier.parcels).toMatchObject([
    { deliveryId: id, attemptKey: id, to: { number: '+12125550142' } },
  ])
})

test('a thousand deliveries and three workers make a thousand sendings', async () => {
  const ids = await fewAtOnce(1000, () => queue())
  const others = [bench.startWorker({ SMS: carrier }), bench.startWorker({ SMS: carrier })]
  start()
  for (const other of others) other.wake()
  await vi.waitFor(
    async () => {
      const left = await bench.execute("select count(*)::int as n from delivery where state <> 'SENT'")
      expect(left).toEqual([{ n: 0 }])
    },
    { timeout: 15_000, interval: 50 },
  )
  expect(carrier.parcels.map(({ deliveryId }) => deliveryId).toSorted()).toEqual(ids.toSorted())
})

test('without a carrier it is suppressed and says why', async () => {
  const id = await queue({ ways: [wayTo('ada@example.com', Channel.EMAIL)] })
  start()
  await becomes(id, { state: 'SUPPRESSED', reason: 'NOT_CONFIGURED', failedAt: clock.now() })
})

test('what may pass is tried again after about 1, 4, 15 and 60 seconds, and not before', async () => {
  carrier.answer = (_parcel, attempt) => (attempt < 5 ? passing : accepted)
  const id = await queue({ message: { kind: 'EVENT', values: anEvent } })
  start()
  for (const [attempt, seconds] of [1, 4, 15, 60].entries()) {
    await becomes(id, { state: 'SENDING', attempts: attempt + 1, detail: 'HTTP 503', leaseToken: null })
    const { dueAt } = await find(id)
    const wait = (dueAt.getTime() - clock.now().getTime()) / 1000
    expect(wait).toBeGreaterThanOrEqual(seconds * 0.5 - 0.001)
    expect(wait).toBeLessThanOrEqual(seconds * 1.5 + 0.001)
    clock.advanceSeconds(wait)
    worker?.wake()
  }
  await becomes(id, { state: 'SENT', attempts: 5 })
  expect(new Set(carrier.parcels.map(({ attemptKey }) => attemptKey))).toEqual(new Set([id]))
})

test('it is given up when the next try would come too late', async () => {
  carrier.answer = () => passing
  const id = await queue()
  await bench.execute("update delivery set expires_at = created_at + interval '400 milliseconds'")
  start()
  await becomes(id, { state: 'FAILED', reason: 'CARRIER_FAILED', detail: 'HTTP 503', attempts: 1 })
  expect(bench.failures).toMatchObject([{ delivery: { id }, outcome: passing }])
})

test('what is of no use any more when its turn comes is not sent', async () => {
  const id = await queue()
  clock.advanceSeconds(3600)
  start()
  await becomes(id, { state: 'SUPPRESSED', reason: 'TOO_LATE' })
  expect(carrier.parcels).toEqual([])
})

test('what will not pass is not tried again, and the next way is taken at once', async () => {
  carrier.answer = ({ to }) => ('number' in to && to.number === '+12125550142' ? permanent : accepted)
  const second = wayTo('+13105550107')
  const id = await queue({ ways: [wayTo('+12125550142'), second, wayTo('+14155550123')] })
  start()
  await becomes(id, { state: 'FAILED', reason: 'ADDRESS_INVALID', detail: '21211', attempts: 1 })
  await expect.poll(() => carrier.parcels).toHaveLength(2)
  const next = (await bench.findAll()).find((delivery) => delivery.id !== id)
  await becomes(next?.id ?? '', { state: 'SENT', addressId: second.addressId, address: '+13105550107' })
  expect(next?.nextWays).toHaveLength(1)
})

test('an address that is gone, unproven or blocked gets nothing, and the next way is taken', async () => {
  bench.book.exceptions.set('+12125550142', { usable: false, reason: DeliveryReason.OPTED_OUT })
  const id = await queue({ ways: [wayTo('+12125550142'), wayTo('+13105550107')] })
  start()
  await becomes(id, { state: 'SUPPRESSED', reason: 'OPTED_OUT' })
  await expect.poll(() => carrier.parcels).toMatchObject([{ to: { number: '+13105550107' } }])
})

test('an address that the carrier says is gone is forgotten', async () => {
  carrier.answer = () => ({ ...permanent, addressGone: true })
  const way = wayTo('+12125550142')
  await queue({ ways: [way] })
  start()
  await expect.poll(() => bench.book.forgotten).toMatchObject([{ addressId: way.addressId }])
})

test('an unknown outcome is not repeated for 30 seconds, then once with the same key, then nobody can say', async () => {
  carrier.answer = () => unknown
  const id = await queue()
  start()
  await becomes(id, { state: 'SENDING', unknowns: 1, leaseToken: null })
  clock.advanceSeconds(29)
  worker?.wake()
  clock.advanceSeconds(1)
  worker?.wake()
  await becomes(id, { state: 'FAILED', reason: 'OUTCOME_UNKNOWN', unknowns: 2 })
  expect(carrier.parcels.map(({ attemptKey }) => attemptKey)).toEqual([id, id])
})

test('a callback that comes meanwhile settles it without a second sending', async () => {
  carrier.answer = () => unknown
  const id = await queue()
  start()
  await becomes(id, { unknowns: 1, leaseToken: null })
  const { userId } = await find(id)
  const report = {
    carrier: 'fake',
    carrierId: 'c-9',
    carrierStatus: 'delivered',
    state: 'DELIVERED',
  } as const
  expect(await recordCarrierReport(statements, clock, { userId, deliveryId: id }, report)).toEqual({
    changed: true,
    nextWayTaken: false,
  })
  clock.advanceSeconds(60)
  worker?.wake()
  await becomes(id, { state: 'DELIVERED', carrierId: 'c-9', deliveredAt: expect.any(Date) })
  expect(carrier.parcels).toHaveLength(1)
})

test('a carrier that can be asked is asked before anything is sent again', async () => {
  carrier.answer = () => unknown
  const asked = Object.assign(carrier, {
    lookUp: vi.fn(() =>
      Promise.resolve({ kind: 'found', carrierId: 'c-7', carrierStatus: 'sent', state: 'sent' } as const),
    ),
  })
  const id = await queue()
  start()
  await becomes(id, { unknowns: 1, leaseToken: null })
  clock.advanceSeconds(30)
  worker?.wake()
  await becomes(id, { state: 'SENT', carrierId: 'c-7' })
  expect(asked.lookUp).toHaveBeenCalledOnce()
  expect(carrier.parcels).toHaveLength(1)
})

test('what a killed worker was sending is taken over after its lease, as an attempt of unknown outcome', async () => {
  const id = await queue()
  const [claimed] = await claimDeliveries(statements, clock, Channel.SMS, 1)
  expect(claimed).toMatchObject({ id, attempts: 1, wasLeft: false })
  start()
  clock.advanceSeconds(9)
  worker?.wake()
  expect(await claimDeliveries(statements, clock, Channel.SMS, 1)).toEqual([])
  clock.advanceSeconds(1)
  worker?.wake()
  await becomes(id, { state: 'SENDING', unknowns: 1 })
  expect(carrier.parcels).toEqual([])
  clock.advanceSeconds(30)
  worker?.wake()
  await becomes(id, { state: 'SENT' })
  expect(carrier.parcels).toMatchObject([{ attemptKey: id }])
})

test('where a repetition does no harm it is sent again as soon as the lease is over', async () => {
  carrier.repeatsSafely = true
  const id = await queue()
  await claimDeliveries(statements, clock, Channel.SMS, 1)
  clock.advanceSeconds(10)
  start()
  await becomes(id, { state: 'SENT', attempts: 2, unknowns: 0 })
})

test('a worker that was away for longer than its lease stores nothing', async () => {
  const id = await queue()
  const [stale] = await claimDeliveries(statements, clock, Channel.SMS, 1)
  clock.advanceSeconds(10)
  const [fresh] = await claimDeliveries(statements, clock, Channel.SMS, 1)
  expect(fresh).toMatchObject({ id, wasLeft: true })
  const store = new OutcomeStore(statements, clock, () => {})
  const outcome = (delivery: typeof stale, carrierId: string) => ({
    // Claimed just above.
    delivery: delivery as NonNullable<typeof stale>,
    state: 'SENT' as const,
    reason: null,
    detail: null,
    carrier: 'fake',
    carrierId,
    carrierStatus: 'queued',
    dueInSeconds: null,
    isUnknown: false,
    isPutBack: false,
    arrived: true,
  })
  expect(await store.store(outcome(stale, 'stale'))).toBe(false)
  expect(await find(id)).toMatchObject({ state: 'SENDING', carrierId: null })
  expect(await store.store(outcome(fresh, 'fresh'))).toBe(true)
  expect(await find(id)).toMatchObject({ state: 'SENT', carrierId: 'fresh' })
})

test('Retry-After keeps the whole carrier quiet, every process and every channel of it', async () => {
  const busy = {
    kind: 'passing',
    reason: DeliveryReason.CARRIER_BUSY,
    detail: '429',
    pauseSeconds: 120,
  } as const
  carrier.answer = () => (carrier.parcels.length === 1 ? busy : accepted)
  const first = await queue({ message: { kind: 'EVENT', values: anEvent } })
  worker = bench.startWorker({ SMS: carrier, WHATSAPP: carrier })
  worker.wake()
  await becomes(first, { state: 'SENDING', attempts: 1, leaseToken: null })
  const others = [await queue({ message: { kind: 'EVENT', values: anEvent } })]
  const elsewhere = bench.startWorker({ SMS: carrier, WHATSAPP: carrier })
  others.push(
    await queue({
      message: { kind: 'EVENT', values: anEvent },
      ways: [wayTo('+13105550107', Channel.WHATSAPP)],
    }),
  )
  clock.advanceSeconds(119)
  for (const one of [worker, elsewhere]) one?.wake()
  await new Promise((settle) => setTimeout(settle, 150))
  expect(carrier.parcels).toHaveLength(1)
  clock.advanceSeconds(2)
  for (const one of [worker, elsewhere]) one?.wake()
  for (const id of [first, ...others]) await becomes(id, { state: 'SENT' })
})

test('what waits for its place when the carrier asks for quiet is put back, and its attempt does not count', async () => {
  carrier.concurrency = 1
  const { promise, resolve } = Promise.withResolvers<void>()
  carrier.answer = async () => {
    await promise
    return { kind: 'passing', reason: DeliveryReason.CARRIER_BUSY, detail: '429', pauseSeconds: 60 }
  }
  const ids = [
    await queue({ message: { kind: 'EVENT', values: anEvent } }),
    await queue({ message: { kind: 'EVENT', values: anEvent } }),
  ]
  start()
  for (const id of ids) await becomes(id, { state: 'SENDING' })
  resolve()
  await expect
    .poll(async () => {
      const attempts = await Promise.all(ids.map(async (id) => (await find(id)).attempts))
      return attempts.toSorted((one, other) => one - other)
    })
    .toEqual([0, 1])
  expect(carrier.parcels).toHaveLength(1)
})

test('a carrier that fails half of the time is asked once in ten seconds until it works', async () => {
  const ids = await Promise.all(
    Array.from({ length: 60 }, () => queue({ message: { kind: 'EVENT', values: anEvent } })),
  )
  carrier.concurrency = 10
  carrier.answer = () => passing
  start()
  await vi.waitFor(
    async () => expect(await bench.execute('select 1 as open from carrier_state')).toHaveLength(1),
    { timeout: 5000 },
  )
  await new Promise((settle) => setTimeout(settle, 200))
  const before = carrier.parcels.length
  expect(before).toBeLessThanOrEqual(30)

  for (let probe = 1; probe <= 3; probe++) {
    clock.advanceSeconds(11)
    const elsewhere = bench.startWorker({ SMS: carrier })
    for (const one of [worker, elsewhere]) one?.wake()
    await expect.poll(() => carrier.parcels).toHaveLength(before + probe)
    await new Promise((settle) => setTimeout(settle, 100))
    expect(carrier.parcels).toHaveLength(before + probe)
    await elsewhere[Symbol.asyncDispose]()
  }

  carrier.answer = () => accepted
  clock.advanceSeconds(90)
  worker?.wake()
  await vi.waitFor(
    async () => {
      worker?.wake()
      for (const id of ids) expect(await find(id)).toMatchObject({ state: 'SENT' })
    },
    { timeout: 8000, interval: 200 },
  )
})

test('a probe on one channel of a carrier opens it, though another channel asks meanwhile', async () => {
  await bench.execute(
    `insert into carrier_state (carrier, paused_until, failing_since) values ('fake', ?, ?)`,
    [clock.now(), clock.now()],
  )
  const { promise, resolve } = Promise.withResolvers<void>()
  carrier.answer = async () => {
    await promise
    return accepted
  }
  const probe = await queue()
  worker = bench.startWorker({ SMS: carrier, WHATSAPP: carrier })
  worker.wake()
  await expect.poll(() => carrier.parcels).toHaveLength(1)
  const other = await queue({ ways: [wayTo('+13105550107', Channel.WHATSAPP)] })
  worker.wake()
  await new Promise((settle) => setTimeout(settle, 150))
  expect(carrier.parcels).toHaveLength(1)
  resolve()
  await becomes(probe, { state: 'SENT' })
  worker.wake()
  await becomes(other, { state: 'SENT' })
})

test('the state never goes back, whatever order reports come in and however often', async () => {
  const id = await queue()
  start()
  await becomes(id, { state: 'SENT' })
  const { userId } = await find(id)
  const report = (state: 'SENT' | 'DELIVERED' | 'UNDELIVERED', carrierStatus: string) =>
    recordCarrierReport(
      statements,
      clock,
      { userId, deliveryId: id },
      {
        carrier: 'fake',
        carrierStatus,
        state,
        ...(state === 'UNDELIVERED' && { reason: DeliveryReason.BOUNCED }),
      },
    )
  expect((await report('DELIVERED', 'delivered')).changed).toBe(true)
  expect((await report('SENT', 'sent')).changed).toBe(false)
  expect((await report('DELIVERED', 'delivered')).changed).toBe(false)
  expect(await find(id)).toMatchObject({ state: 'DELIVERED', carrierStatus: 'delivered' })
  expect((await report('UNDELIVERED', 'bounced')).changed).toBe(true)
  expect((await report('DELIVERED', 'delivered')).changed).toBe(false)
  expect(await find(id)).toMatchObject({ state: 'UNDELIVERED', reason: 'BOUNCED' })
})

test('a report about somebody else’s delivery changes nothing', async () => {
  const id = await queue()
  const report = { carrier: 'fake', carrierStatus: 'delivered', state: 'DELIVERED' } as const
  const answer = await recordCarrierReport(
    statements,
    clock,
    { userId: randomUUID(), deliveryId: id },
    report,
  )
  expect(answer.changed).toBe(false)
  expect(await find(id)).toMatchObject({ state: 'QUEUED' })
})

test('what came back after it was accepted takes the next way too', async () => {
  const id = await queue({ ways: [wayTo('+12125550142'), wayTo('+13105550107')] })
  start()
  await becomes(id, { state: 'SENT' })
  const { userId } = await find(id)
  const answer = await recordCarrierReport(
    statements,
    clock,
    { userId, deliveryId: id },
    {
      carrier: 'fake',
      carrierStatus: 'undelivered',
      state: 'UNDELIVERED',
      reason: DeliveryReason.UNDELIVERED,
    },
  )
  expect(answer.nextWayTaken).toBe(true)
  worker?.wake()
  await expect.poll(() => carrier.parcels).toHaveLength(2)
})

test('the health of an address tells when it last worked and when and why it last did not', async () => {
  const way = wayTo('+12125550142')
  const userId = randomUUID()
  const health = () =>
    bench.execute(
      `select last_delivered_at is not null as delivered, last_failed_reason as reason, last_failed_detail as detail
       from address_health where user_id = ? and address_id = ?`,
      [userId, way.addressId],
    )
  const first = await queue({ userId, ways: [way] })
  start()
  await becomes(first, { state: 'SENT' })
  expect(await health()).toEqual([{ delivered: true, reason: null, detail: null }])

  carrier.answer = () => permanent
  const second = await queue({ userId, ways: [way] })
  worker?.wake()
  await becomes(second, { state: 'FAILED' })
  expect(await health()).toEqual([{ delivered: true, reason: 'ADDRESS_INVALID', detail: '21211' }])

  carrier.reportsArrival = true
  carrier.answer = () => accepted
  await bench.execute('truncate address_health')
  const third = await queue({ userId, ways: [way] })
  worker?.wake()
  await becomes(third, { state: 'SENT' })
  expect(await health()).toEqual([])
})

test('the code in a delivery is sealed while it waits and gone once it is sent', async () => {
  const id = await queue({ message: { kind: 'PHONE_CODE', values: {}, secrets: { code: '047291' } } })
  const waiting = await find(id)
  expect(waiting.secrets).not.toBeNull()
  expect(JSON.stringify(waiting.content) + String(waiting.secrets)).not.toContain('047291')
  start()
  await becomes(id, { state: 'SENT', secrets: null })
})

test('the worker tells what it decided, and how long the oldest has been due', async () => {
  bench.outcomes.length = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  carrier.concurrency = 1
  carrier.answer = async () => {
    await promise
    return accepted
  }
  // One at the carrier, one that waits for its place there, and one that is not claimed yet.
  for (let number = 0; number < 3; number++) await queue()
  const looking = start()
  await expect.poll(() => carrier.parcels).toHaveLength(1)
  clock.advanceSeconds(5)
  looking.wake()
  await expect.poll(() => looking.secondsLate.get(Channel.SMS)).toBe(5)
  resolve()
  await expect.poll(() => bench.outcomes).toEqual(['SMS SENT', 'SMS SENT', 'SMS SENT'])
  looking.wake()
  await expect.poll(() => looking.secondsLate.size).toBe(0)
})

test('a worker that stops takes nothing new on and stores what was under way', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  carrier.answer = async () => {
    await promise
    return accepted
  }
  const id = await queue()
  const stopping = start()
  await expect.poll(() => carrier.parcels).toHaveLength(1)
  const stopped = stopping[Symbol.asyncDispose]()
  const late = await queue()
  resolve()
  await stopped
  expect(await find(id)).toMatchObject({ state: 'SENT' })
  expect(await find(late)).toMatchObject({ state: 'QUEUED' })
})

const anEvent = {
  accountName: 'Sample Account',
  accountUserId: randomUUID(),
  eventType: 'TASK_ASSIGNED',
  kind: 'NOTIFICATION',
  title: 'Task assigned',
  body: '',
  entity: null,
  notificationId: null,
  at: '2026-11-23T08:12:00.000Z',
} as const
