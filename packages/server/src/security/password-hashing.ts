import { join } from 'node:path'

import type { hashSync, verifySync } from '@node-rs/argon2'
import type { Piscina } from 'piscina'

import { threadsFor } from '../lib/threads.ts'
import { WaitingLine } from '../lib/waiting-line.ts'

/**
 * OWASP's second choice of parameters for argon2id (the library's algorithm 2, its default): 19 MiB, two passes, one
 * lane. Source: OWASP Password Storage Cheat Sheet.
 */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Sign-ins that are counted, looked up or stored while the others' hashes are computed. */
const besideHashes = 1

/** A tenth of a core that somebody else wants as well: a crowd holds up nobody, and gets in all the same. Source: sched(7). */
const niceness = 10

/** All zero, salt and hash: nobody has a password for it, so that an unknown name takes as long as a known one. */
const nobodysHash = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

const threadFile = join(import.meta.dirname, 'password-hash-thread.js')

/**
 * Computes password hashes on threads of their own, only a few at a time and of lower priority: a crowd of sign-ins waits
 * in line here, not on the way of everybody else's requests.
 */
export class PasswordHashing implements AsyncDisposable {
  readonly #line: WaitingLine
  readonly #crowd: WaitingLine
  readonly #threads: Piscina

  constructor({ concurrentHashes, queuedHashes }: { concurrentHashes: number; queuedHashes: number }) {
    this.#line = new WaitingLine({ atOnce: concurrentHashes, waiting: queuedHashes })
    this.#crowd = new WaitingLine({ atOnce: concurrentHashes + besideHashes, waiting: queuedHashes })
    this.#threads = threadsFor({ file: threadFile, atOnce: concurrentHashes, niceness })
  }

  /**
   * All that a sign-in does: what comes before and after its hash keeps everybody else waiting, too, when hundreds do it
   * at once.
   * @throws AppError RATE_LIMITED when the line is full
   */
  inTurn<Result>(signIn: () => Promise<Result>): Promise<Result> {
    return this.#crowd.run(signIn)
  }

  /** @returns a PHC string */
  hash(password: string): Promise<string> {
    const task: Parameters<typeof hashSync> = [normalisePassword(password), parameters]
    return this.#line.run(() => this.#threads.run(task, { name: 'hash' }))
  }

  /** Whether the password fits; without a hash the answer is no, and takes as long. */
  verify(phc: string | undefined, password: string): Promise<boolean> {
    const task: Parameters<typeof verifySync> = [phc ?? nobodysHash, normalisePassword(password)]
    return this.#line.run(() => this.#threads.run(task, { name: 'verify' }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads.destroy()
  }

  /** Whether a hash is cheaper to guess at than those that are made now; never for what is none of argon2. */
  isOutdated(phc: string): boolean {
    const { kind, memory, passes } = hashPattern.exec(phc)?.groups ?? {}
    if (kind === undefined) return false
    const isStrong = Number(memory) >= parameters.memoryCost && Number(passes) >= parameters.timeCost
    return kind !== 'argon2id' || !isStrong
  }
}

/** The parameters of a PHC string. Source: github.com/P-H-C/phc-string-format */
const hashPattern = /^\$(?<kind>argon2(?:i|d|id))\$v=19\$m=(?<memory>\d+),t=(?<passes>\d+),p=\d+\$/

/** NFKC, so that a password fits however a keyboard composes its letters. Source: NIST SP 800-63B. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC')
}
