import { SealingKeys } from '../src/sealing-keys.ts'

/** The same for every server of the tests: what one sealed, another on that database opens. */
export const testSecretKeys = 'only-for-the-tests-and-the-same-in-every-one-of-them'

export const testSealing = new SealingKeys([testSecretKeys])
