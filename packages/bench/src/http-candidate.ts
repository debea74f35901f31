import { applyLoad, type Exchange } from './load.ts'
import type { Candidate, Measurement } from './measure.ts'
import type { ServerProcess } from './server-process.ts'
import { quantile } from './statistics.ts'

export const httpPlan = { connections: 16, warmUpSeconds: 3, seconds: 7, mostRequests: 150_000 } as const

interface HttpCandidateOptions {
  name: string
  server: ServerProcess
  /** Asked in turn, from one measurement to the next. */
  exchanges: readonly Exchange[]
  signal: AbortSignal
}

/** A server that is asked over kept-alive connections, each with one request at a time. */
export class HttpCandidate implements Candidate {
  readonly name: string
  readonly server: ServerProcess
  readonly #exchanges: readonly Exchange[]
  readonly #signal: AbortSignal
  #answered = 0

  constructor({ name, server, exchanges, signal }: HttpCandidateOptions) {
    this.name = name
    this.server = server
    this.#exchanges = exchanges
    this.#signal = signal
  }

  /** Requests in all, warm-ups included. */
  get answered(): number {
    return this.#answered
  }

  async measure(): Promise<Measurement> {
    await this.warmUp()
    const before = await this.server.cpuMicroseconds()
    const { requests, seconds, latencies } = await this.load(httpPlan.seconds)
    const cpu = (await this.server.cpuMicroseconds()) - before
    return {
      perSecond: requests / seconds,
      cpuMicroseconds: cpu / requests,
      medianMilliseconds: quantile(latencies, 0.5),
      p99Milliseconds: quantile(latencies, 0.99),
    }
  }

  async warmUp(): Promise<void> {
    await this.load(httpPlan.warmUpSeconds)
  }

  async load(seconds: number): ReturnType<typeof applyLoad> {
    const { connections, mostRequests } = httpPlan
    const options = { port: this.server.port, connections, mostRequests, signal: this.#signal }
    const result = await applyLoad(this.#exchanges, { ...options, seconds, startAt: this.#answered })
    this.#answered += result.requests
    return result
  }
}
