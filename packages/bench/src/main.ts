import { join } from 'node:path'

import { buildClient, buildServer } from '../../../scripts/build.ts'
import { say } from '../../../scripts/run-step.ts'
import { measureInTurns, plan } from './measure.ts'
import { openProfileBenchmark } from './profile-benchmark.ts'
import { tableOf, writeResults } from './report.ts'
import { recordSelfTime } from './self-time.ts'

/** `pnpm bench`: the profile page beside its limit. `pnpm bench --profile`: the functions that take its time. */
const repository = join(import.meta.dirname, '../../..')
const resultsFile = join(import.meta.dirname, '../results/latest.json')

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort())

try {
  await run(interrupted.signal)
} catch (error) {
  // The terminal stops the servers as well, and what they leave unanswered is no news.
  if (!interrupted.signal.aborted) throw error
  process.exitCode = 130
}

async function run(signal: AbortSignal): Promise<void> {
  process.chdir(repository)
  if (!(await buildServer()) || !(await buildClient())) {
    process.exitCode = 1
    return
  }
  await using opened = new AsyncDisposableStack()
  const onProgress = (step: string) => {
    signal.throwIfAborted()
    say(`· ${step}`)
  }
  const { limit, lanyard } = await openProfileBenchmark(repository, opened, onProgress)
  if (process.argv.includes('--profile')) {
    onProgress('Recording where the time goes')
    for (const { name, share } of await recordSelfTime(lanyard, repository, signal)) {
      say(`${(share * 100).toFixed(1).padStart(5)} %  ${name}`)
    }
    return
  }
  const { rounds, connections, seconds } = plan
  onProgress(`Measuring ${rounds} rounds of ${seconds} seconds each, ${connections} connections`)
  const measured = await measureInTurns([limit, lanyard], signal)
  say(`\n${tableOf(measured)}\n`)
  await writeResults(resultsFile, measured)
  say(`Written to ${resultsFile}`)
}
