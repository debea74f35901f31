import { createRequire } from 'node:module'

import { answerWith } from '../limit-server.ts'
import { passwordHash } from './password-hash.ts'

/** The limit of signing in: `POST /<count>/<at once>` computes so many hashes, and nothing is looked up or stored. */
const require = createRequire(new URL('../../../server/package.json', import.meta.url))
// The library of the server, which this package does not depend on.
const { verify } = require('@node-rs/argon2') as {
  verify(hash: string, password: string): Promise<boolean>
}

answerWith(async (_request, [count, atOnce]) => {
  let left = Number(count)
  const computeTheNext = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      if (!(await verify(passwordHash.hash, passwordHash.password))) throw new Error('it does not fit')
    }
  }
  await Promise.all(Array.from({ length: Number(atOnce) }, computeTheNext))
  return '{}'
})
