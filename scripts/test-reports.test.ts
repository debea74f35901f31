import { expect, test } from 'vitest'
import { readVitestTally, tallyPlaywright, tallyVitest, withExitCode } from './test-reports.ts'

test('tests, files that could not be loaded and tests that lack something are told apart', () => {
  const tally = tallyVitest({
    testResults: [
      {
        name: '/src/a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { status: 'passed', title: 'adds', failureMessages: [] },
          { status: 'failed', title: 'subtracts', failureMessages: ['3 is not 2\n    at a.test.ts:4:1'] },
          { status: 'skipped', title: 'codes agree [not run: needs oathtool]', failureMessages: [] },
        ],
      },
      {
        name: '/src/unloadable.test.ts',
        status: 'failed',
        message: 'no such module',
        assertionResults: [],
      },
    ],
  })

  expect(tally).toEqual({
    passed: 1,
    failed: 2,
    failures: ['a.test.ts › subtracts\n  3 is not 2', 'unloadable.test.ts\n  no such module'],
    notRun: ['needs oathtool'],
  })
})

test('journeys are counted in every nested suite, and a flaky one has failed', () => {
  const tally = tallyPlaywright({
    errors: [],
    suites: [
      {
        specs: [
          {
            title: 'signs in',
            tests: [
              { status: 'expected', results: [] },
              { status: 'expected', results: [] },
            ],
          },
        ],
        suites: [
          {
            specs: [
              {
                title: 'badge',
                tests: [
                  { status: 'flaky', results: [{ errors: [{ message: 'too late' }] }, { errors: [] }] },
                  {
                    status: 'unexpected',
                    results: [{ errors: [{ message: '\u001b[31mnot seen\u001b[0m' }] }],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  })

  expect(tally).toEqual({
    passed: 2,
    failed: 2,
    failures: ['badge\n  too late', 'badge\n  not seen'],
    notRun: [],
  })
})

test('a run that broke before its first test has failed, and says how', () => {
  const tally = tallyPlaywright({ errors: [{ message: 'no web server' }], suites: [] })
  expect(tally.failed).toBe(1)
  expect(tally.failures).toEqual(['outside of every journey\n  no web server'])
  expect(readVitestTally('/nowhere/report.json')).toMatchObject({ passed: 0, failed: 1 })
})

test('a run in which every test passed and something else broke has failed, and shows its last words', () => {
  const allPassed = { passed: 3, failed: 0, failures: [], notRun: [] }
  expect(withExitCode(allPassed, 0, 'fine')).toEqual(allPassed)
  expect(withExitCode(allPassed, 1, 'Unhandled Rejection: gone\n')).toEqual({
    ...allPassed,
    failed: 1,
    failures: ['outside of every test\n  Unhandled Rejection: gone'],
  })
  expect(withExitCode(allPassed, null, '').failed).toBe(1)
  // What failed is counted already.
  expect(withExitCode({ ...allPassed, failed: 2 }, 1, '').failed).toBe(2)
})
