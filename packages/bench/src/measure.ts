import { median } from './statistics.ts'

export const rounds = 3

export type Quantity =
  | 'perSecond'
  /** Of the server's process, for each request or push. */
  | 'cpuMicroseconds'
  | 'medianMilliseconds'
  | 'p95Milliseconds'
  | 'p99Milliseconds'
  | 'kilobytesPerSocket'
  | 'lastMegabytes'

/** What a benchmark has no use for is absent. */
export type Measurement = Partial<Record<Quantity, number>>

export interface Candidate {
  name: string
  measure(): Promise<Measurement>
}

export interface Measured {
  name: string
  median: Measurement
  rounds: Measurement[]
}

/** In turns, so that whatever else the machine does befalls all of them. */
export async function measureInTurns(
  candidates: readonly Candidate[],
  onProgress: (step: string) => void,
): Promise<Measured[]> {
  const measured = candidates.map((candidate) => ({ candidate, rounds: [] as Measurement[] }))
  for (let round = 1; round <= rounds; round++) {
    for (const one of measured) {
      onProgress(`Round ${round} of ${rounds}: ${one.candidate.name}`)
      one.rounds.push(await one.candidate.measure())
    }
  }
  return measured.map(({ candidate: { name }, rounds }) => ({ name, median: medianOf(rounds), rounds }))
}

/** Of each quantity by itself. */
export function medianOf(measurements: readonly Measurement[]): Measurement {
  const [first = {}] = measurements
  // Object.keys forgets what the keys are.
  const quantities = Object.keys(first) as Quantity[]
  return Object.fromEntries(
    quantities.map((quantity) => [
      quantity,
      median(measurements.map((one) => one[quantity] ?? Number.NaN)),
    ]),
  )
}
