import { proof } from '@lanyard/contract/limits'

import type { StatementPool } from '../database/statements.ts'
import type { Clock } from '../lib/clock.ts'
import type { Limits } from '../limits.ts'

/** Of the codes of an hour to one country, those whose time is over. */
export interface CodeAlarm {
  /** ISO 3166-1 alpha-2. */
  country: string
  codes: number
  unproven: number
  /** The share that did not come back in the week before; null when too few were sent to tell. */
  usualShare: number | null
}

const hourMilliseconds = 3_600_000
const weekMilliseconds = 7 * 24 * hourMilliseconds
/** A look costs little, and a hundred codes a minute tell no more than the first. */
const restMilliseconds = 60_000

interface Counts {
  codes: number
  unproven: number
  usual_codes: number
  usual_unproven: number
}

const countStatement = {
  name: 'count_unproven_codes',
  text: `select count(*) filter (where sent_at > $2)::int as codes,
      count(*) filter (where sent_at > $2 and proven_at is null)::int as unproven,
      count(*) filter (where sent_at <= $2)::int as usual_codes,
      count(*) filter (where sent_at <= $2 and proven_at is null)::int as usual_unproven
    from code_sending where country = $1 and sent_at > $3 and (proven_at is not null or sent_at <= $4)`,
}

/**
 * Tells the operator when many more codes to a country than usual never come back: somebody may be paid for each. Limits
 * stop one person, number or address at a time; this sees those who change all of them. It stops nothing, as a new
 * customer abroad looks the same at first. Source: S-J2; authgear, docs/specs/fraud-protection.md.
 */
export class CodeWatch implements AsyncDisposable {
  readonly #statements: StatementPool
  readonly #limits: Limits['codes']['alarm']
  readonly #clock: Clock
  readonly #onAlarm: (alarm: CodeAlarm) => void
  readonly #onError: (error: unknown) => void
  readonly #lookedAt = new Map<string, number>()
  readonly #alarmedAt = new Map<string, number>()
  readonly #looks = new Set<Promise<void>>()

  constructor(parts: {
    statements: StatementPool
    limits: Limits['codes']['alarm']
    clock: Clock
    onAlarm: (alarm: CodeAlarm) => void
    onError: (error: unknown) => void
  }) {
    this.#statements = parts.statements
    this.#limits = parts.limits
    this.#clock = parts.clock
    this.#onAlarm = parts.onAlarm
    this.#onError = parts.onError
  }

  /** A code has gone there. Whoever asked for it does not wait. */
  look(country: string): void {
    const now = this.#clock.now().getTime()
    if (now - (this.#lookedAt.get(country) ?? -Infinity) < restMilliseconds) return
    this.#lookedAt.set(country, now)
    const look = this.#lookAt(country, now)
      .catch(this.#onError)
      .finally(() => this.#looks.delete(look))
    this.#looks.add(look)
  }

  async #lookAt(country: string, now: number): Promise<void> {
    const [counts] = await this.#statements.run<Counts>(countStatement, [
      country,
      new Date(now - hourMilliseconds),
      new Date(now - hourMilliseconds - weekMilliseconds),
      new Date(now - proof.codeMinutes * 60_000),
    ])
    if (!counts || counts.codes < this.#limits.codes) return
    const { codes, unproven } = counts
    const usualShare =
      counts.usual_codes < this.#limits.codes ? null : counts.usual_unproven / counts.usual_codes
    const { timesUsual, usualShareWhenUnknown, certainShare } = this.#limits
    const alarming = Math.min(timesUsual * (usualShare ?? usualShareWhenUnknown), certainShare)
    if (unproven / codes <= alarming) return
    if (now - (this.#alarmedAt.get(country) ?? -Infinity) < hourMilliseconds) return
    this.#alarmedAt.set(country, now)
    this.#onAlarm({ country, codes, unproven, usualShare })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#looks)
  }
}
