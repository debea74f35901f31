import { lengths, passwordLength } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import { badInput } from '../errors/app-error.ts'
import type { OutboundHttp } from '../lib/outbound-http.ts'
import type { User } from '../users/user.entity.ts'
import { isBreached, pwnedPasswords } from './breached-passwords.ts'
import { normalisePassword, type PasswordHashing } from './password-hashing.ts'
import type { PasswordStrength } from './password-strength.ts'

/** Who chooses a password. */
export interface Chooser {
  /** Names of theirs, as whole as they are written: of the person, their username, emails and accounts. */
  words: readonly string[]
  hasSecondFactor: boolean
  /** PHC string of the password in use, if there is one. */
  currentHash?: string | undefined
}

interface PolicyParts {
  hashing: PasswordHashing
  strength: PasswordStrength
  /** Where stolen passwords are asked after; null: nowhere. */
  breaches: { http: OutboundHttp; service?: URL } | null
  /** Told once that it could not be asked, as a service that is down refuses nobody a password. */
  onUnreachable: () => void
}

const productWords = ['lanyard']

/**
 * Of zxcvbn. 3 is "safely unguessable", after more than 10^8 guesses, which no eight characters reach: with a second
 * factor, whose tries are counted, 2 will do.
 */
const leastScore = { alone: 3, withSecondFactor: 2 }

/**
 * What a password has to be: long, and not what anybody tries first. Any character counts, whole sentences are welcome,
 * nothing is cut off and nothing has to be mixed. Source: S-A3, NIST SP 800-63B 3.1.1.2.
 */
export class PasswordPolicy {
  readonly #parts: PolicyParts
  #isUnreachableTold = false

  constructor(parts: PolicyParts) {
    this.#parts = parts
  }

  /**
   * @throws AppError BAD_USER_INPUT on `field` with TOO_LONG, TOO_SHORT, UNCHANGED, GUESSABLE or BREACHED; RATE_LIMITED
   */
  async check(password: string, field: string, chooser: Chooser): Promise<void> {
    const { hashing, strength } = this.#parts
    // As it is typed, so that whoever may choose it may sign in with it.
    if (password.length > lengths.password) throw badInput(field, 'TOO_LONG')
    const normal = normalisePassword(password)
    const { min, minWithSecondFactor } = passwordLength
    if ([...normal].length < (chooser.hasSecondFactor ? minWithSecondFactor : min))
      throw badInput(field, 'TOO_SHORT')
    if (chooser.currentHash !== undefined && (await hashing.verify(chooser.currentHash, password)))
      throw badInput(field, 'UNCHANGED')
    const question = {
      password: normal,
      words: guessesAt(chooser.words),
      leastScore: chooser.hasSecondFactor ? leastScore.withSecondFactor : leastScore.alone,
    }
    if (await strength.isGuessable(question)) throw badInput(field, 'GUESSABLE')
    if (await this.#isBreached(normal)) throw badInput(field, 'BREACHED')
  }

  async #isBreached(password: string): Promise<boolean> {
    const { breaches, onUnreachable } = this.#parts
    if (!breaches) return false
    const answer = await isBreached(breaches.http, breaches.service ?? pwnedPasswords, password)
    if (answer === undefined && !this.#isUnreachableTold) {
      this.#isUnreachableTold = true
      onUnreachable()
    }
    return answer ?? false
  }
}

/** The words as they are, run together, and each part of them that is long enough to mean somebody. */
function guessesAt(words: readonly string[]): string[] {
  const all = [...words, ...productWords].flatMap((word) => {
    const parts = word.split(/[^\p{L}\p{N}]+/u)
    return [word, parts.join(''), ...parts]
  })
  return [...new Set(all.map(normalisePassword))].filter((word) => word.length >= 3)
}

/** What a stranger would try first for this very person. */
export async function wordsOf(em: EntityManager, user: User): Promise<string[]> {
  const rows = await em.execute<{ word: string }[]>(
    `select address as word from email where user_id = ?
      union select a.name from account_user m join account a on a.id = m.account_id where m.user_id = ?`,
    [user.id, user.id],
  )
  return [user.name, user.publicName, user.username, ...rows.map(({ word }) => word)]
}
