import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export interface Tally {
  passed: number
  failed: number
  /** What failed and how it said so, for whoever sees only the end of a long output. */
  failures: string[]
  /** What each test that was left out needs, as "needs nats-server". */
  notRun: string[]
}

/** The fields that we read of Vitest's JSON report, which is Jest's. */
interface VitestReport {
  testResults: {
    name: string
    status: string
    /** Why the file could not be loaded. */
    message: string
    assertionResults: { status: string; title: string; failureMessages: string[] }[]
  }[]
}

/** The fields that we read of Playwright's JSON report. */
interface PlaywrightReport {
  errors: PlaywrightError[]
  suites: PlaywrightSuite[]
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[]
  specs: { title: string; tests: PlaywrightTest[] }[]
}

interface PlaywrightTest {
  status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
  results: { errors: PlaywrightError[] }[]
}

interface PlaywrightError {
  message?: string
}

/** A file that could not even be loaded has no tests to fail and counts as one failure. */
export function tallyVitest(report: VitestReport): Tally {
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ file: basename(name), ...test })),
  )
  const failed = tests.filter(({ status }) => status === 'failed')
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failed.length + unloadable.length,
    failures: [
      ...failed.map(({ file, title, failureMessages }) => describe(`${file} › ${title}`, failureMessages)),
      ...unloadable.map(({ name, message }) => describe(basename(name), [message])),
    ],
    notRun: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(reasonOf),
  }
}

/** A test that passed only when it was tried again counts as failed. */
export function tallyPlaywright(report: PlaywrightReport): Tally {
  const tests = report.suites
    .flatMap(specsOf)
    .flatMap(({ title, tests: runs }) => runs.map((run) => ({ title, ...run })))
  const failed = tests.filter(({ status }) => status === 'unexpected' || status === 'flaky')
  return {
    passed: tests.filter(({ status }) => status === 'expected').length,
    failed: failed.length + report.errors.length,
    failures: [
      ...failed.map(({ title, results }) =>
        describe(title, messagesOf(results.flatMap(({ errors }) => errors))),
      ),
      ...report.errors.map((error) => describe('outside of every journey', messagesOf([error]))),
    ],
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

/** What goes wrong outside of every test, as a promise that nobody waits for, is in the exit code and the output alone. */
export function withExitCode(tally: Tally, exitCode: number | null, output: string): Tally {
  if (exitCode === 0 || tally.failed > 0) return tally
  return { ...tally, failed: 1, failures: [describe('outside of every test', [output])] }
}

/** A report that was never written counts as a failure, since whatever should write it broke. */
function orFailed(read: () => Tally): Tally {
  try {
    return read()
  } catch (error) {
    return { passed: 0, failed: 1, failures: [describe('no report', [String(error)])], notRun: [] }
  }
}

function specsOf(suite: PlaywrightSuite): PlaywrightSuite['specs'] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)]
}

function reasonOf({ title }: { title: string }): string {
  return /\[not run: (needs .+)\]$/.exec(title)?.[1] ?? `needs nothing that "${title}" names`
}

function messagesOf(errors: PlaywrightError[]): string[] {
  return errors.map(({ message }) => message ?? 'no message')
}

/** The name, and below it the last lines of what was said: a stack is cut off, a difference is kept. */
function describe(name: string, messages: string[]): string {
  const lines = messages.flatMap((message) => stripVTControlCharacters(message).trimEnd().split('\n'))
  const said = lines.filter((line) => line.trim() && !/^\s+at /.test(line))
  return [name, ...said.slice(-linesShown).map((line) => `  ${line}`)].join('\n')
}

const linesShown = 25
