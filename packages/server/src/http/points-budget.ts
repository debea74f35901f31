const minuteMilliseconds = 60_000

/**
 * Counts what each person's documents cost, minute by minute. Every process counts for itself and keeps it in memory:
 * to write it down would cost more than most reads that it is to bound.
 */
export class PointsBudget {
  readonly #perMinute: number
  #minute = 0
  #spent = new Map<string, number>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** @returns 0, or the seconds to wait when the person has spent what there is */
  spend(userId: string, points: number): number {
    const now = performance.now()
    const minute = Math.floor(now / minuteMilliseconds)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#spent = new Map()
    }
    const spent = (this.#spent.get(userId) ?? 0) + points
    if (spent > this.#perMinute) return Math.ceil(((minute + 1) * minuteMilliseconds - now) / 1000)
    this.#spent.set(userId, spent)
    return 0
  }
}
