import { randomUUID } from 'node:crypto'

import { afterAll } from 'vitest'

import { createOrm } from '../src/database/orm.ts'
import { StatementPool } from '../src/database/statements.ts'
import type { Carrier, Carriers, Outcome, Parcel } from '../src/delivery/carrier.ts'
import { Channel } from '../src/delivery/channel.ts'
import { Delivery, type Way } from '../src/delivery/delivery.entity.ts'
import { DeliveryDesk, type NewDelivery } from '../src/delivery/delivery-desk.ts'
import { DeliveryWorker } from '../src/delivery/delivery-worker.ts'
import type { AddressBook, AddressQuery, Whereabouts } from '../src/delivery/destination.ts'
import type { FailedDelivery } from '../src/delivery/channel-lane.ts'
import type { RenderedMessage } from '../src/delivery/rendered-message.ts'
import { newSealingKey, SealingKeys } from '../src/sealing-keys.ts'
import { createTestDatabase } from './database.ts'
import { TestClock } from './test-clock.ts'

/** A carrier at the edge: it answers as it is told, and can be asked what it was given. */
export class FakeCarrier implements Carrier {
  readonly parcels: Parcel[] = []
  concurrency = 50
  reportsArrival?: boolean
  repeatsSafely?: boolean
  answer: (parcel: Parcel, attempt: number) => Outcome | Promise<Outcome> = () => accepted
  readonly name: string

  constructor(name = 'fake') {
    this.name = name
  }

  async send(parcel: Parcel): Promise<Outcome> {
    this.parcels.push(parcel)
    return this.answer(
      parcel,
      this.parcels.filter(({ deliveryId }) => deliveryId === parcel.deliveryId).length,
    )
  }
}

export const accepted: Outcome = { kind: 'accepted', carrierId: 'c-1', carrierStatus: 'queued' }

/** Knows every address, except those it was told otherwise of. */
export class FakeBook implements AddressBook {
  readonly exceptions = new Map<string, Whereabouts>()
  readonly forgotten: AddressQuery[] = []

  look(queries: readonly AddressQuery[]): Promise<Whereabouts[]> {
    return Promise.resolve(
      queries.map(
        ({ address }): Whereabouts =>
          this.exceptions.get(address) ?? {
            usable: true,
            to: { channel: Channel.SMS, number: address, country: 'US' },
          },
      ),
    )
  }

  forget(query: AddressQuery): Promise<void> {
    this.forgotten.push(query)
    return Promise.resolve()
  }
}

const words: RenderedMessage = { channel: Channel.SMS, text: 'A test from Lanyard', segments: 1 }

/** The spine on a database of its own, with doubles for carriers and addresses. */
export async function createDeliveryBench() {
  const database = await createTestDatabase()
  const statements = new StatementPool({ databaseUrl: database.url, named: true })
  const orm = await createOrm(database.url)
  const clock = new TestClock()
  const sealing = new SealingKeys([newSealingKey()])
  const errors: unknown[] = []
  const onError = (error: unknown) => void errors.push(error)
  const desk = new DeliveryDesk({ statements, sealing, clock, configured: new Set(), onError })
  const book = new FakeBook()
  const failures: FailedDelivery[] = []
  const outcomes: string[] = []
  const workers: DeliveryWorker[] = []

  async function stopWorkers(): Promise<void> {
    await Promise.all(workers.splice(0).map((worker) => worker[Symbol.asyncDispose]()))
  }
  afterAll(async () => {
    await stopWorkers()
    await desk[Symbol.asyncDispose]()
    await orm.close(true)
    await statements[Symbol.asyncDispose]()
    await database.drop()
  })

  return {
    databaseUrl: database.url,
    statements,
    clock,
    sealing,
    desk,
    book,
    failures,
    outcomes,
    errors,
    stopWorkers,
    startWorker(carriers: Carriers): DeliveryWorker {
      const worker = new DeliveryWorker({
        statements,
        clock,
        sealing,
        carriers,
        book,
        write: () => Promise.resolve(words),
        onFailure: (failed) => {
          failures.push(failed)
          return Promise.resolve()
        },
        onOutcome: (channel, state) => void outcomes.push(`${channel} ${state}`),
        onError,
      })
      workers.push(worker)
      return worker
    },
    queue(given: Partial<NewDelivery> = {}): Promise<string> {
      return orm.em.fork().transactional((tx) =>
        desk.queue(tx, {
          userId: randomUUID(),
          message: { kind: 'TEST', values: {} },
          recipient: { language: 'EN', timeZone: 'UTC' },
          ways: [wayTo('+12125550142')],
          ...given,
        }),
      )
    },
    find: (id: string) => orm.em.fork().findOneOrFail(Delivery, { id }),
    findAll: () => orm.em.fork().findAll(Delivery),
    execute: (sql: string, values: unknown[] = []) => orm.em.fork().execute(sql, values),
  }
}

export function wayTo(address: string, channel = Channel.SMS): Way {
  return { channel, addressId: randomUUID(), address }
}
