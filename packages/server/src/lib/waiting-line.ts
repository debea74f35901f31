import { AppError } from '../errors/app-error.ts'

interface LineLimits {
  atOnce: number
  /** How many may wait for their turn; the next one is refused. */
  waiting: number
}

/** Lets only so much work of a kind run at once; the rest waits for its turn, in the order in which it came. */
export class WaitingLine {
  readonly #limits: LineLimits
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(limits: LineLimits) {
    this.#limits = limits
  }

  /** @throws AppError RATE_LIMITED when the line is full */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#limits.atOnce) this.#running++
    else await this.#turn()
    try {
      return await work()
    } finally {
      // Handed on, not given back: whoever comes just now does not slip in before who has waited.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#limits.waiting)
      throw new AppError('RATE_LIMITED', { retryAfterSeconds: 5 })
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
