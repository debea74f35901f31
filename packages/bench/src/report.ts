import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname } from 'node:path'

import { type Measured, plan } from './measure.ts'

/** One line for each candidate, as shares of the first, which is the limit. */
export function tableOf(measured: readonly Measured[]): string {
  const [limit] = measured
  if (!limit) return ''
  const head = ['', 'per second', '× limit', 'server CPU', '× limit', 'median', '99 in 100']
  const rows = measured.map(({ name, median }) => [
    name,
    median.requestsPerSecond.toFixed(0),
    (median.requestsPerSecond / limit.median.requestsPerSecond).toFixed(2),
    `${median.cpuMicrosecondsPerRequest.toFixed(0)} µs`,
    (median.cpuMicrosecondsPerRequest / limit.median.cpuMicrosecondsPerRequest).toFixed(2),
    `${median.medianMilliseconds.toFixed(1)} ms`,
    `${median.p99Milliseconds.toFixed(1)} ms`,
  ])
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   ')
  return [head, ...rows].map(line).join('\n')
}

/** Everything that was measured, for programs. */
export async function writeResults(path: string, measured: readonly Measured[]): Promise<void> {
  const [processor] = cpus()
  const results = {
    measuredAt: new Date().toISOString(),
    node: process.version,
    processor: processor?.model,
    processors: cpus().length,
    plan,
    profile: measured.map((candidate) => ({
      ...candidate,
      ofLimit: {
        requestsPerSecond: share(candidate, measured[0], 'requestsPerSecond'),
        cpuMicrosecondsPerRequest: share(candidate, measured[0], 'cpuMicrosecondsPerRequest'),
      },
    })),
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`)
}

function share(
  candidate: Measured,
  limit: Measured | undefined,
  name: 'requestsPerSecond' | 'cpuMicrosecondsPerRequest',
): number | null {
  return limit ? candidate.median[name] / limit.median[name] : null
}
