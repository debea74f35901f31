import { hash, verify } from '@node-rs/argon2'

import { AppError } from '../errors/app-error.ts'

/**
 * OWASP's second choice of parameters for argon2id (the library's algorithm 2, its default): 19 MiB, two passes, one
 * lane. Source: OWASP Password Storage Cheat Sheet.
 */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** A hash nobody has the password of, so that an unknown name takes as long as a known one. */
const nobodysHash = hash(crypto.randomUUID(), parameters)

interface HashingLimits {
  concurrentHashes: number
  queuedHashes: number
}

/**
 * Computes password hashes on threads of their own, only a few at a time: a crowd of sign-ins waits in line here, not
 * on the way of everybody else's requests.
 */
export class PasswordHashing {
  readonly #limits: HashingLimits
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(limits: HashingLimits) {
    this.#limits = limits
  }

  /** @returns a PHC string */
  hash(password: string): Promise<string> {
    return this.#inLine(() => hash(normalise(password), parameters))
  }

  /** Whether the password fits; without a hash the answer is no, and takes as long. */
  verify(phc: string | undefined, password: string): Promise<boolean> {
    return this.#inLine(async () => {
      const fits = await verify(phc ?? (await nobodysHash), normalise(password))
      return fits && phc !== undefined
    })
  }

  async #inLine<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#limits.concurrentHashes) {
      if (this.#waiting.length >= this.#limits.queuedHashes)
        throw new AppError('RATE_LIMITED', { retryAfterSeconds: 5 })
      await new Promise<void>((resume) => this.#waiting.push(resume))
    }
    this.#running++
    try {
      return await work()
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }
}

/** NFKC, so that a password fits however a keyboard composes its letters. Source: NIST SP 800-63B. */
function normalise(password: string): string {
  return password.normalize('NFKC')
}
