import { randomUUID } from 'node:crypto'

import Fastify, { type InjectOptions } from 'fastify'
import { afterAll } from 'vitest'

import { loadConfig } from '../src/config.ts'
import { addressEffects } from '../src/contacts/address-effects.ts'
import { createOrm } from '../src/database/orm.ts'
import { StatementPool } from '../src/database/statements.ts'
import type { Channel } from '../src/delivery/channel.ts'
import { Delivery } from '../src/delivery/delivery.entity.ts'
import { DeliveryDesk } from '../src/delivery/delivery-desk.ts'
import { type DeliveryKey, referenceOf } from '../src/delivery/delivery-reference.ts'
import type { Scene, Source } from '../src/delivery/inbound/scene.ts'
import { serveInbound } from '../src/delivery/inbound/serve-inbound.ts'
import type { RenderedCall } from '../src/delivery/rendered-message.ts'
import { defaultLimits, type Limits } from '../src/limits.ts'
import { newSealingKey, SealingKeys } from '../src/sealing-keys.ts'
import type { User } from '../src/users/user.entity.ts'
import { Builders } from './builders.ts'
import { createTestDatabase } from './database.ts'
import { TestClock } from './test-clock.ts'

/** Some delivery that a carrier has taken, and how we named it to the carrier. */
export interface SentDelivery extends DeliveryKey {
  reference: string
  address: string
}

interface InboundBenchOptions {
  environment: Record<string, string>
  limits?: Partial<Limits['inbound']>
  /** Of other servers, by URL. */
  documents?: Map<string, string>
  calls?: (key: DeliveryKey) => RenderedCall | null
}

/** What carriers call, on a database of its own, with real addresses of people behind it. */
export async function createInboundBench(options: InboundBenchOptions) {
  const database = await createTestDatabase()
  const statements = new StatementPool({ databaseUrl: database.url, named: true })
  const orm = await createOrm(database.url)
  const clock = new TestClock()
  const sealing = new SealingKeys([newSealingKey()])
  const build = new Builders(orm.em, clock)
  const onError = (error: unknown) => {
    throw error
  }
  const desk = new DeliveryDesk({ statements, sealing, clock, configured: new Set(), onError })
  const config = loadConfig({ PUBLIC_URL: 'https://lanyard.example.com', ...options.environment })
  const logged: string[] = []
  const fetched: string[] = []
  const app = Fastify({ logger: { level: 'warn', stream: { write: (line) => void logged.push(line) } } })
  const createScene = (address: string, source: Source): Scene => ({
    em: orm.em.fork(),
    statements,
    clock,
    sealing,
    deliveries: desk,
    origin: { requestId: randomUUID(), address, device: source },
  })
  serveInbound(app, {
    config,
    limits: { ...defaultLimits.inbound, ...options.limits },
    clock,
    addresses: addressEffects,
    createScene: (request, source) => createScene(request.ip, source),
    fetchText(url) {
      fetched.push(url.href)
      const text = options.documents?.get(url.href)
      return text === undefined ? Promise.reject(new Error('HTTP 404')) : Promise.resolve(text)
    },
    renderCall: (key) => Promise.resolve(options.calls?.(key) ?? null),
  })
  await app.ready()

  afterAll(async () => {
    await app.close()
    await desk[Symbol.asyncDispose]()
    await orm.close(true)
    await statements[Symbol.asyncDispose]()
    await database.drop()
  })

  const execute = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    orm.em.fork().execute<Row[]>(sql, values)

  return {
    app,
    config,
    clock,
    sealing,
    build,
    orm,
    statements,
    logged,
    fetched,
    execute,
    createScene,
    post: (path: string, payload: string | Buffer, headers: InjectOptions['headers'] = {}) =>
      app.inject({ method: 'POST', url: path, payload, headers }),
    /** A delivery that a carrier has accepted. */
    async sent(user: User | { id: string }, channel: Channel, address: string): Promise<SentDelivery> {
      const key = { userId: user.id, deliveryId: randomUUID() }
      const at = clock.now()
      const em = orm.em.fork()
      await em.insert(
        em.create(Delivery, {
          userId: user.id,
          id: key.deliveryId,
          channel,
          message: 'TEST',
          addressId: randomUUID(),
          address,
          language: 'EN',
          timeZone: 'UTC',
          content: {},
          nextWays: [],
          state: 'SENT',
          attempts: 1,
          dueAt: at,
          expiresAt: new Date(at.getTime() + 300_000),
          createdAt: at,
          sentAt: at,
        } as never),
      )
      return { ...key, address, reference: referenceOf(sealing, key) }
    },
    stateOf: async ({ userId, deliveryId: id }: DeliveryKey) => {
      const { state, reason, carrier, carrierId, carrierStatus, detail } = await orm.em
        .fork()
        .findOneOrFail(Delivery, { userId, id })
      return { state, reason, carrier, carrierId, carrierStatus, detail }
    },
    blockOf: async (channel: string, addressKey: string) => {
      const [block] = await execute<{ reason: string; detail: string | null }>(
        'select reason, detail from blocked_address where channel = ? and address_key = ?',
        [channel, addressKey],
      )
      return block
    },
    historyOf: (userId: string) =>
      execute<{ action: string; subject: string; changes: unknown; device: string; actor_id: null }>(
        'select action, subject, changes, device, actor_id from activity where user_id = ? order by id',
        [userId],
      ),
    /** What people are told, by the address it goes to. */
    notices: (userId: string) =>
      execute<{ address: string; content: object; language: string }>(
        `select address, content, language from delivery where user_id = ? and message = 'ADDRESS_BLOCKED' order by address`,
        [userId],
      ),
  }
}

export type InboundBench = Awaited<ReturnType<typeof createInboundBench>>
