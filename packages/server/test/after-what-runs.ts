import { afterAll, onTestFinished, TestRunner } from 'vitest'

/**
 * After the test that runs, or after the file while that is being read. Within a test `afterAll` is never heard, and
 * what stays open would go on into the files that the process takes up next.
 */
export function afterWhatRuns(end: () => Promise<void>): void {
  if (TestRunner.getCurrentTest()) onTestFinished(end)
  else afterAll(end)
}
