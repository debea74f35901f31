import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

import { AppError } from '../errors/app-error.ts'
import { WaitingLine } from '../lib/waiting-line.ts'

export interface Question {
  password: string
  /** What a stranger would try first for this person. */
  words: string[]
  /** Of zxcvbn, 0 to 4: what is below is guessable. */
  leastScore: number
}

/** In `src` and in `dist` alike. */
const workerFile = join(import.meta.dirname, 'password-strength-worker.js')

/** Far more than any password takes, for a machine that is busy with something else. */
const deadlineMilliseconds = 15_000
/** The dictionaries take some 70 MB, and passwords are seldom chosen. */
const idleMilliseconds = 60_000
const heapMegabytes = 512
const waiting = 50

/**
 * Judges how soon a password would be guessed, on a thread of its own that is started when it is needed and ended once
 * nobody needed it for a minute. One at a time: a crowd waits here, and takes no core from everybody else.
 */
export class PasswordStrength implements AsyncDisposable {
  readonly #line = new WaitingLine({ atOnce: 1, waiting })
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined

  /**
   * Whether it is among the first that anybody tries, with their decorations, or zxcvbn scores it too low.
   * @throws AppError RATE_LIMITED when too many wait, or it takes too long
   */
  isGuessable(question: Question): Promise<boolean> {
    return this.#line.run(async () => {
      clearTimeout(this.#idle)
      this.#worker ??= this.#start()
      const worker = this.#worker
      try {
        return await answerOf(worker, question)
      } catch (error) {
        await this.#end()
        throw error
      } finally {
        this.#idle = setTimeout(() => void this.#end(), idleMilliseconds).unref()
      }
    })
  }

  #start(): Worker {
    const worker = new Worker(workerFile, {
      // Not the loaders that the server may have been started with.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    })
    // Told to whoever waits for an answer; with nobody waiting, the next one starts another.
    worker.on('error', () => {})
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
    })
    worker.unref()
    return worker
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end()
  }
}

function answerOf(worker: Worker, question: Question): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const deadline = setTimeout(
    () => reject(new AppError('RATE_LIMITED', { retryAfterSeconds: 5 })),
    deadlineMilliseconds,
  )
  const onExit = () => reject(new Error('the thread that judges passwords ended'))
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', onExit)
  // The rule takes the thread for a window, which would have an origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  worker.postMessage(question)
  return promise.finally(() => {
    clearTimeout(deadline)
    worker.off('message', resolve)
    worker.off('error', reject)
    worker.off('exit', onExit)
  })
}
