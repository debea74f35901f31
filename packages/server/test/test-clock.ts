import type { Clock } from '../src/lib/clock.ts'

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #now: Date

  constructor(now: Date = new Date()) {
    this.#now = now
  }

  now(): Date {
    return new Date(this.#now)
  }

  advanceSeconds(seconds: number): void {
    this.#now = new Date(this.#now.getTime() + seconds * 1000)
  }
}
