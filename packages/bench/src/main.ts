import { join } from 'node:path'

import { buildClient, buildServer } from '../../../scripts/build.ts'
import { say } from '../../../scripts/run-step.ts'
import type { Benchmark } from './benchmark.ts'
import { badgeBenchmark } from './badge/badge.benchmark.ts'
import { idleBenchmark } from './badge/idle.benchmark.ts'
import { readCommandLine } from './command-line.ts'
import { claimBenchmark } from './deliver/claim.benchmark.ts'
import { deliverBenchmark } from './deliver/deliver.benchmark.ts'
import { growthBenchmark } from './growth/growth.benchmark.ts'
import { inboxBenchmark } from './inbox/inbox.benchmark.ts'
import { profileBenchmark } from './profile/profile.benchmark.ts'
import { publishBenchmark } from './publish/publish.benchmark.ts'
import { detailTable, figureTable, type Section, writeResults } from './report.ts'
import { signInBenchmark } from './sign-in/sign-in.benchmark.ts'
import { Stage } from './stage.ts'

/**
 * `pnpm bench [<name>…]` measures all or some of the benchmarks and prints one table. `pnpm bench --profile <name>`
 * prints the functions in which Lanyard spends most of its time in one of them.
 */
const benchmarks: readonly Benchmark[] = [
  profileBenchmark,
  inboxBenchmark,
  badgeBenchmark,
  idleBenchmark,
  publishBenchmark,
  deliverBenchmark,
  claimBenchmark,
  signInBenchmark,
  growthBenchmark,
]

const repository = join(import.meta.dirname, '../../..')
const resultsFile = join(import.meta.dirname, '../results/latest.json')

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort())

try {
  await run(interrupted.signal)
} catch (error) {
  // The terminal stops the servers as well, and what they leave unanswered is no news.
  if (!interrupted.signal.aborted) throw error
  process.exitCode = 130
}

async function run(signal: AbortSignal): Promise<void> {
  const commandLine = readCommandLine(
    process.argv.slice(2),
    benchmarks.map(({ name }) => name),
  )
  if ('fault' in commandLine) {
    say(commandLine.fault)
    process.exitCode = 2
    return
  }
  const { names, profile } = commandLine
  const chosen = benchmarks.filter(({ name }) => names.includes(name))
  process.chdir(repository)
  if (!(await buildServer()) || !(await buildClient())) {
    process.exitCode = 1
    return
  }
  await using stage = new Stage({ repository, signal, onProgress: (step) => say(`· ${step}`) })
  if (profile) return await sayWhereTimeGoes(stage, chosen)

  const sections: Section[] = []
  for (const benchmark of chosen) {
    stage.onProgress(`${benchmark.name}:`)
    sections.push({ name: benchmark.name, ...(await benchmark.run(stage)) })
    await writeResults(resultsFile, sections)
  }
  say(`\n${figureTable(sections)}\n\n${detailTable(sections)}\n`)
  say(`Written to ${resultsFile}`)
}

async function sayWhereTimeGoes(stage: Stage, chosen: readonly Benchmark[]): Promise<void> {
  for (const benchmark of chosen) {
    for (const { name, share } of await benchmark.recordProfile(stage)) {
      say(`${(share * 100).toFixed(1).padStart(5)} %  ${name}`)
    }
  }
}
