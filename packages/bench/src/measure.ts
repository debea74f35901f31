import { applyLoad, type Exchange } from './load.ts'
import type { ServerProcess } from './server-process.ts'
import { median, quantile } from './statistics.ts'

export const plan = {
  rounds: 3,
  connections: 16,
  warmUpSeconds: 3,
  seconds: 7,
  mostRequests: 150_000,
} as const

export interface Candidate {
  name: string
  server: ServerProcess
  exchanges: readonly Exchange[]
}

export interface Measurement {
  requestsPerSecond: number
  cpuMicrosecondsPerRequest: number
  medianMilliseconds: number
  p99Milliseconds: number
}

export interface Measured {
  name: string
  median: Measurement
  rounds: Measurement[]
}

/** In turns, so that whatever else the machine does befalls all of them. */
export async function measureInTurns(
  candidates: readonly Candidate[],
  signal: AbortSignal,
): Promise<Measured[]> {
  const measured = candidates.map((candidate) => ({ candidate, rounds: [] as Measurement[] }))
  for (let round = 0; round < plan.rounds; round++) {
    for (const { candidate, rounds } of measured) {
      await warmUp(candidate, signal)
      rounds.push(await measure(candidate, signal))
    }
  }
  return measured.map(({ candidate: { name }, rounds }) => ({ name, median: medians(rounds), rounds }))
}

export async function warmUp({ server, exchanges }: Candidate, signal: AbortSignal): Promise<void> {
  await applyLoad(exchanges, { ...plan, seconds: plan.warmUpSeconds, port: server.port, signal })
}

export async function measure({ server, exchanges }: Candidate, signal: AbortSignal): Promise<Measurement> {
  const before = await server.cpuMicroseconds()
  const { requests, seconds, latencies } = await applyLoad(exchanges, {
    ...plan,
    port: server.port,
    signal,
  })
  const cpu = (await server.cpuMicroseconds()) - before
  return {
    requestsPerSecond: requests / seconds,
    cpuMicrosecondsPerRequest: cpu / requests,
    medianMilliseconds: quantile(latencies, 0.5),
    p99Milliseconds: quantile(latencies, 0.99),
  }
}

function medians(rounds: readonly Measurement[]): Measurement {
  const medianOf = (name: keyof Measurement) => median(rounds.map((round) => round[name]))
  return {
    requestsPerSecond: medianOf('requestsPerSecond'),
    cpuMicrosecondsPerRequest: medianOf('cpuMicrosecondsPerRequest'),
    medianMilliseconds: medianOf('medianMilliseconds'),
    p99Milliseconds: medianOf('p99Milliseconds'),
  }
}
