import { join } from 'node:path'

import { AppError } from '../errors/app-error.ts'
import { threadsFor } from '../lib/threads.ts'
import { WaitingLine } from '../lib/waiting-line.ts'

export interface Question {
  password: string
  /** What a stranger would try first for this person. */
  words: string[]
  /** Of zxcvbn, 0 to 4: what is below is guessable. */
  leastScore: number
}

const threadFile = join(import.meta.dirname, 'password-strength-thread.js')

/** Far more than any password takes, for a machine that is busy with something else. */
const deadlineMilliseconds = 15_000
/** The dictionaries take some 70 MB, and passwords are seldom chosen. */
const heapMegabytes = 512
const waiting = 50

/**
 * Judges how soon a password would be guessed, on a thread of its own. One at a time: a crowd waits here, and takes no
 * core from everybody else.
 */
export class PasswordStrength implements AsyncDisposable {
  readonly #line = new WaitingLine({ atOnce: 1, waiting })
  readonly #threads = threadsFor({ file: threadFile, atOnce: 1, heapMegabytes })

  /**
   * Whether it is among the first that anybody tries, with their decorations, or zxcvbn scores it too low.
   * @throws AppError RATE_LIMITED when too many wait, or it takes too long
   */
  isGuessable(question: Question): Promise<boolean> {
    return this.#line.run(async () => {
      const signal = AbortSignal.timeout(deadlineMilliseconds)
      try {
        return await this.#threads.run(question, { signal, name: 'isGuessable' })
      } catch (error) {
        throw signal.aborted ? new AppError('RATE_LIMITED', { retryAfterSeconds: 5 }) : error
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads.destroy()
  }
}
