import { HttpConnection } from './http-connection.ts'

/** A request as it goes over the wire, and the one body that answers it. */
export interface Exchange {
  request: Buffer
  expectedBody: Buffer
}

export interface LoadOptions {
  port: number
  connections: number
  seconds: number
  /** Ends it sooner. */
  mostRequests: number
  /** Which exchange is the first; after the last comes the first again. */
  startAt?: number
  /** Gives it up. */
  signal?: AbortSignal
}

export interface LoadResult {
  requests: number
  seconds: number
  /** Milliseconds from sending each request to having read its answer. */
  latencies: Float64Array
}

/**
 * Sends the exchanges over and over on several connections and compares every answer byte by byte.
 * @throws Error when an answer is not what was expected, or does not come, and the signal's reason
 */
export async function applyLoad(
  exchanges: readonly Exchange[],
  { port, connections, seconds, mostRequests, startAt = 0, signal }: LoadOptions,
): Promise<LoadResult> {
  const latencies = new Float64Array(mostRequests)
  const startedAt = performance.now()
  const endAt = startedAt + seconds * 1000
  let sent = 0
  let answered = 0

  async function runConnection(): Promise<void> {
    using connection = await HttpConnection.open(port)
    for (;;) {
      signal?.throwIfAborted()
      const sentAt = performance.now()
      const exchange = exchanges[(startAt + sent) % exchanges.length]
      if (!exchange || sent >= mostRequests || sentAt >= endAt) return
      sent++
      const { status, body } = await connection.exchange(exchange.request)
      if (status !== 200 || !body.equals(exchange.expectedBody)) {
        throw new Error(`answered ${status} ${String(body)} instead of ${String(exchange.expectedBody)}`)
      }
      latencies[answered++] = performance.now() - sentAt
    }
  }

  await Promise.all(Array.from({ length: connections }, runConnection))
  return {
    requests: answered,
    seconds: (performance.now() - startedAt) / 1000,
    latencies: latencies.subarray(0, answered),
  }
}
