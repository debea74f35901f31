/** The time of day, injected so that a test can move it. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/**
 * For `coalesce(<this>, clock_timestamp())`: what is due is due by the clock of the database, the same for every
 * process however wrong its own is. A clock that was put in its place is believed.
 */
export function timeForDatabase(clock: Clock): Date | null {
  return clock === systemClock ? null : clock.now()
}
