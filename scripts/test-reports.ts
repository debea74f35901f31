import { readFileSync } from 'node:fs'

export interface Tally {
  passed: number
  failed: number
  /** What each test that was left out needs, as "needs nats-server". */
  notRun: string[]
}

/** The fields that we read of Vitest's JSON report, which is Jest's. */
interface VitestReport {
  testResults: {
    name: string
    status: string
    assertionResults: { status: string; title: string }[]
  }[]
}

/** The fields that we read of Playwright's JSON report. */
interface PlaywrightReport {
  errors: unknown[]
  suites: PlaywrightSuite[]
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[]
  specs: { title: string; tests: { status: 'expected' | 'unexpected' | 'flaky' | 'skipped' }[] }[]
}

/** A file that could not even be loaded has no tests to fail and counts as one failure. */
export function tallyVitest(report: VitestReport): Tally {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length + unloadable.length,
    notRun: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(reasonOf),
  }
}

/** A test that passed only when it was tried again counts as failed. */
export function tallyPlaywright(report: PlaywrightReport): Tally {
  const specs = report.suites.flatMap(specsOf)
  const tests = specs.flatMap(({ title, tests: runs }) => runs.map(({ status }) => ({ title, status })))
  return {
    passed: tests.filter(({ status }) => status === 'expected').length,
    failed:
      tests.filter(({ status }) => status === 'unexpected' || status === 'flaky').length +
      report.errors.length,
    notRun: tests.filter(({ status }) => status === 'skipped').map(reasonOf),
  }
}

// The tools beside us wrote these files, in versions that the lockfile fixes; hence the assertions.
export function readVitestTally(file: string): Tally {
  return orFailed(() => tallyVitest(JSON.parse(readFileSync(file, 'utf8')) as VitestReport))
}

export function readPlaywrightTally(file: string): Tally {
  return orFailed(() => tallyPlaywright(JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport))
}

/** What goes wrong outside of every test, as a promise that nobody waits for, is in the exit code alone. */
export function withExitCode(tally: Tally, exitCode: number | null): Tally {
  return exitCode === 0 || tally.failed > 0 ? tally : { ...tally, failed: 1 }
}

/** A report that was never written counts as a failure, since whatever should write it broke. */
function orFailed(read: () => Tally): Tally {
  try {
    return read()
  } catch {
    return { passed: 0, failed: 1, notRun: [] }
  }
}

function specsOf(suite: PlaywrightSuite): PlaywrightSuite['specs'] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)]
}

function reasonOf({ title }: { title: string }): string {
  return /\[not run: (needs .+)\]$/.exec(title)?.[1] ?? `needs nothing that "${title}" names`
}
