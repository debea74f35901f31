import type { Clock } from '../../lib/clock.ts'
import type { Limits } from '../../limits.ts'

/** Addresses that are remembered for a minute; a flood from more of them is a matter for what stands before us. */
const mostAddresses = 10_000
const minuteMilliseconds = 60_000

/**
 * Keeps one address from taking the server's time with requests that no carrier made. Carriers call from addresses of
 * their own, so what a stranger sends costs them nothing.
 */
export class Callers {
  readonly #limits: Limits['inbound']
  readonly #clock: Clock
  readonly #atWork = new Map<string, number>()
  #refusals = new Map<string, number>()
  #minute = 0

  constructor(limits: Limits['inbound'], clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** @returns the status to refuse with; undefined: it is at work, until `leave` */
  enter(address: string): 429 | 503 | undefined {
    if ((this.#refusalsOfMinute().get(address) ?? 0) >= this.#limits.refusalsPerMinute) return 429
    const atWork = this.#atWork.get(address) ?? 0
    if (atWork >= this.#limits.concurrentPerAddress) return 503
    this.#atWork.set(address, atWork + 1)
    return undefined
  }

  leave(address: string): void {
    const atWork = this.#atWork.get(address) ?? 0
    if (atWork > 1) this.#atWork.set(address, atWork - 1)
    else this.#atWork.delete(address)
  }

  /** What it sent was forged, or no carrier writes like that. */
  countRefusal(address: string): void {
    const refusals = this.#refusalsOfMinute()
    if (refusals.size < mostAddresses || refusals.has(address))
      refusals.set(address, (refusals.get(address) ?? 0) + 1)
  }

  #refusalsOfMinute(): Map<string, number> {
    const minute = Math.floor(this.#clock.now().getTime() / minuteMilliseconds)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#refusals = new Map()
    }
    return this.#refusals
  }
}
