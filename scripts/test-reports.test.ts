import { expect, test } from 'vitest'
import { readVitestTally, tallyPlaywright, tallyVitest, withExitCode } from './test-reports.ts'

test('tests, files that could not be loaded and tests that lack something are told apart', () => {
  const tally = tallyVitest({
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', title: 'adds' },
          { status: 'failed', title: 'subtracts' },
          { status: 'skipped', title: 'codes agree [not run: needs oathtool]' },
        ],
      },
      { name: 'unloadable.test.ts', status: 'failed', assertionResults: [] },
    ],
  })

  expect(tally).toEqual({ passed: 1, failed: 2, notRun: ['needs oathtool'] })
})

test('journeys are counted in every nested suite, and a flaky one has failed', () => {
  const tally = tallyPlaywright({
    errors: [],
    suites: [
      {
        specs: [{ title: 'signs in', tests: [{ status: 'expected' }, { status: 'expected' }] }],
        suites: [{ specs: [{ title: 'badge', tests: [{ status: 'flaky' }, { status: 'unexpected' }] }] }],
      },
    ],
  })

  expect(tally).toEqual({ passed: 2, failed: 2, notRun: [] })
})

test('a run that broke before its first test has failed', () => {
  expect(tallyPlaywright({ errors: [{ message: 'no web server' }], suites: [] }).failed).toBe(1)
  expect(readVitestTally('/nowhere/report.json')).toEqual({ passed: 0, failed: 1, notRun: [] })
})

test('a run in which every test passed and something else broke has failed', () => {
  const allPassed = { passed: 3, failed: 0, notRun: [] }
  expect(withExitCode(allPassed, 0)).toEqual(allPassed)
  expect(withExitCode(allPassed, 1)).toEqual({ ...allPassed, failed: 1 })
  expect(withExitCode(allPassed, null).failed).toBe(1)
  // What failed is counted already.
  expect(withExitCode({ ...allPassed, failed: 2 }, 1).failed).toBe(2)
})
