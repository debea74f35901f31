import { test } from 'vitest'

/**
 * A test that needs something this machine may lack. Without it the test is counted as not run, with the reason
 * in its name; where everything is required (CI_REQUIRE_ALL) it fails instead.
 */
export function testNeeding(
  what: string,
  isThere: boolean,
  name: string,
  run: () => Promise<void>,
  timeout?: number,
): void {
  if (isThere) {
    test(name, run, timeout)
  } else if (process.env['CI_REQUIRE_ALL']) {
    test(name, () => Promise.reject(new Error(`not run: needs ${what}, and CI_REQUIRE_ALL is set`)))
  } else {
    test.skip(`${name} [not run: needs ${what}]`)
  }
}
