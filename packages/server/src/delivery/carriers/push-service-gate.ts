import { BoundedCache } from '../../lib/bounded-cache.ts'
import type { Clock } from '../../lib/clock.ts'

/** As for carriers as a whole. Source: R-04. */
const outcomesWatched = 20
const probeSeconds = 10

/** Of the names of all; the makers of browsers have few, the rest is strangers'. */
const mostCharacters = 50_000

interface Trouble {
  /** Milliseconds since 1970. */
  pausedUntil: number
  failures: boolean[]
  isFailing: boolean
}

/**
 * Which push services are left alone: one that asked for it, or of whose last calls half failed. Each for itself, as
 * whoever registers a device chooses the service, and one that always fails must not hold up everybody's pushes. Kept
 * by each process for itself.
 */
export class PushServiceGate {
  readonly #troubles = new BoundedCache<Trouble>(mostCharacters)
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @returns for how many more seconds not to call it; 0 lets one call pass, the only one for a while if it fails */
  wait(service: string): number {
    const trouble = this.#troubles.get(service)
    if (!trouble) return 0
    const milliseconds = trouble.pausedUntil - this.#now()
    if (milliseconds > 0) return Math.ceil(milliseconds / 1000)
    if (trouble.isFailing) trouble.pausedUntil = this.#now() + probeSeconds * 1000
    return 0
  }

  /** The service asked for it. */
  pause(service: string, seconds: number): void {
    const trouble = this.#troubles.get(service) ?? noTrouble()
    trouble.pausedUntil = Math.max(trouble.pausedUntil, this.#now() + seconds * 1000)
    this.#troubles.set(service, trouble)
  }

  /** How a call went. */
  count(service: string, failed: boolean): void {
    const known = this.#troubles.get(service)
    if (!known && !failed) return
    if (known?.isFailing) {
      if (!failed) this.#troubles.set(service, noTrouble())
      return
    }
    const trouble = known ?? noTrouble()
    if (!known) this.#troubles.set(service, trouble)
    trouble.failures.push(failed)
    if (trouble.failures.length > outcomesWatched) trouble.failures.shift()
    const failures = trouble.failures.filter(Boolean).length
    if (trouble.failures.length < outcomesWatched || failures * 2 < outcomesWatched) return
    trouble.isFailing = true
    trouble.failures = []
    this.pause(service, probeSeconds)
  }

  #now(): number {
    return this.#clock.now().getTime()
  }
}

function noTrouble(): Trouble {
  return { pausedUntil: 0, failures: [], isFailing: false }
}
