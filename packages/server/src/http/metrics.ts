import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

const bucketSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** What a document of somebody else's is counted under: names that strangers choose would grow without end. */
const otherOperations = 'other'

/** One request that is being answered. */
interface ObservedRequest {
  /** The name of an operation of our client. */
  operation: string | undefined
  end(status: number): void
}

interface MetricSources {
  openSockets: () => number
  secondsLate: () => Iterable<readonly [channel: string, seconds: number]>
}

/** What `/metrics` tells, in the format of Prometheus: of this process, its requests and its sockets. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = new Histogram({
    name: 'lanyard_graphql_request_seconds',
    help: "Time to answer a GraphQL request, by operation of Lanyard's own page (else `other`) and HTTP status.",
    labelNames: ['operation', 'status'],
    buckets: bucketSeconds,
    registers: [this.#registry],
  })
  readonly #deliveries = new Counter({
    name: 'lanyard_deliveries_total',
    help: 'Outcomes of attempts to deliver a message: SENDING is one that will be tried again.',
    labelNames: ['channel', 'state'],
    registers: [this.#registry],
  })
  readonly #codeAlarms = new Counter({
    name: 'lanyard_code_alarms_total',
    help: 'Hours in which many more codes than usual to phones of a country never came back.',
    labelNames: ['country'],
    registers: [this.#registry],
  })
  #badgeFrames = 0
  readonly #observers = new Map<string, Histogram.Internal<'operation' | 'status'>>()

  constructor({ openSockets, secondsLate }: MetricSources) {
    collectDefaultMetrics({ register: this.#registry, prefix: 'lanyard_' })
    const sockets: Gauge = new Gauge({
      name: 'lanyard_sockets',
      help: 'Open sockets of people and programs.',
      registers: [this.#registry],
      collect: () => sockets.set(openSockets()),
    })
    const late: Gauge<'channel'> = new Gauge({
      name: 'lanyard_delivery_late_seconds',
      help: 'How long the oldest message that is due has been waiting, by channel; absent where none is.',
      labelNames: ['channel'],
      registers: [this.#registry],
      collect: () => {
        late.reset()
        for (const [channel, seconds] of secondsLate()) late.set({ channel }, seconds)
      },
    })
    // Counted by hand: there are many, and each costs little else.
    const badgeFrames: Counter = new Counter({
      name: 'lanyard_badge_frames_total',
      help: 'Finished frames with a badge that were written to sockets.',
      registers: [this.#registry],
      collect: () => {
        badgeFrames.reset()
        badgeFrames.inc(this.#badgeFrames)
      },
    })
  }

  beginRequest(): ObservedRequest {
    const startedAt = performance.now()
    const request: ObservedRequest = {
      operation: undefined,
      end: (status) => {
        const seconds = (performance.now() - startedAt) / 1000
        this.#observerOf(request.operation ?? otherOperations, status).observe(seconds)
      },
    }
    return request
  }

  countDelivery(channel: string, state: string): void {
    this.#deliveries.inc({ channel, state })
  }

  countBadgeFrame(): void {
    this.#badgeFrames++
  }

  countCodeAlarm(country: string): void {
    this.#codeAlarms.inc({ country })
  }

  serve(app: FastifyInstance): void {
    app.get('/metrics', async (_request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .type(this.#registry.contentType)
        .send(await this.#registry.metrics()),
    )
  }

  /** Looking one up by its labels costs more than counting. */
  #observerOf(operation: string, status: number): Histogram.Internal<'operation' | 'status'> {
    const key = `${operation} ${status}`
    let observer = this.#observers.get(key)
    if (!observer) {
      observer = this.#requests.labels(operation, String(status))
      this.#observers.set(key, observer)
    }
    return observer
  }
}
