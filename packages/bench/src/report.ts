import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { dirname } from 'node:path'

import type { Figure, Goal } from './figure.ts'
import { httpPlan } from './http-candidate.ts'
import { type Measured, type Quantity, rounds } from './measure.ts'

/** What came out of one benchmark. */
export interface Section {
  name: string
  measured: Measured[]
  figures: Figure[]
}

/** One line for each figure: the ratio, what it is compared with, and whether the goal is reached. */
export function figureTable(sections: readonly Section[]): string {
  const head = ['what', 'against', 'ratio', 'goal', 'reached']
  const rows = sections
    .flatMap(({ figures }) => figures)
    .map(({ what, against, ratio, goal, reached }) => [
      what,
      against,
      ratio.toFixed(2),
      describeGoal(goal),
      reached ? 'yes' : 'no',
    ])
  return alignColumns([head, ...rows], 2)
}

const columns: { quantity: Quantity; head: string; show: (value: number) => string }[] = [
  { quantity: 'perSecond', head: 'per second', show: (value) => value.toFixed(0) },
  { quantity: 'cpuMicroseconds', head: 'server CPU', show: (value) => `${value.toFixed(1)} µs` },
  { quantity: 'medianMilliseconds', head: 'median', show: (value) => `${value.toFixed(1)} ms` },
  { quantity: 'p95Milliseconds', head: '95 in 100', show: (value) => `${value.toFixed(1)} ms` },
  { quantity: 'p99Milliseconds', head: '99 in 100', show: (value) => `${value.toFixed(1)} ms` },
  { quantity: 'kilobytesPerSocket', head: 'a socket', show: (value) => `${value.toFixed(1)} kB` },
  { quantity: 'lastMegabytes', head: 'at the end', show: (value) => `${value.toFixed(0)} MB` },
]

/** One line for each candidate, with the medians of its rounds. */
export function detailTable(sections: readonly Section[]): string {
  const head = ['', '', ...columns.map(({ head }) => head)]
  const rows = sections.flatMap(({ name, measured }) =>
    measured.map((candidate, index) => [
      index === 0 ? name : '',
      candidate.name,
      ...columns.map(({ quantity, show }) => {
        const value = candidate.median[quantity]
        return value === undefined ? '' : show(value)
      }),
    ]),
  )
  return alignColumns([head, ...rows], 2)
}

/** Everything that was measured, for programs. */
export async function writeResults(path: string, sections: readonly Section[]): Promise<void> {
  const [processor] = cpus()
  const results = {
    measuredAt: new Date().toISOString(),
    node: process.version,
    processor: processor?.model,
    processors: cpus().length,
    memoryBytes: totalmem(),
    plan: { rounds, http: httpPlan },
    figures: sections.flatMap(({ name, figures }) =>
      figures.map((figure) => ({ benchmark: name, ...figure })),
    ),
    benchmarks: Object.fromEntries(sections.map(({ name, measured }) => [name, measured])),
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`)
}

function describeGoal(goal: Goal): string {
  return 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`
}

/** @param texts so many columns are texts, which begin on the left; numbers end on the right */
function alignColumns(rows: readonly string[][], texts: number): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return column < texts ? cell.padEnd(width) : cell.padStart(width)
        })
        .join('   ')
        .trimEnd(),
    )
    .join('\n')
}
