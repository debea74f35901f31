import { lengths, passwordLength } from '@lanyard/contract/limits'
import { UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import type { Config } from '../config.ts'
import { createOrm } from '../database/orm.ts'
import type { Clock } from '../lib/clock.ts'
import { OutboundHttp } from '../lib/outbound-http.ts'
import { PasswordHashing } from '../security/password-hashing.ts'
import { PasswordPolicy } from '../security/password-policy.ts'
import { PasswordStrength } from '../security/password-strength.ts'
import {
  type AdministratorFaults,
  checkAdministrator,
  type CheckedAdministrator,
  insertAdministrator,
  type NewAdministrator,
} from '../setup/administrator.ts'
import { exitCodes, StartupError } from '../startup-error.ts'

type Settings = Pick<Config, 'limits' | 'breachedPasswords'>

/**
 * Makes a super admin who can sign in at once. The database is up to date.
 * @throws StartupError with what is wrong; nothing was made then
 */
export async function createAdministrator(
  databaseUrl: string,
  settings: Settings,
  clock: Clock,
  wanted: NewAdministrator,
): Promise<void> {
  await using hashing = new PasswordHashing(settings.limits.signIn)
  const checked = await check(hashing, settings, wanted)
  const passwordHash = await hashing.hash(wanted.password)
  const orm = await createOrm(databaseUrl)
  try {
    await orm.em.fork().transactional((tx) => insertAdministrator(tx, clock.now(), checked, passwordHash))
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const taken = String(error).includes('login_name')
      ? `username ${wanted.username}`
      : `email ${wanted.email}`
    throw new StartupError(`The ${taken} is somebody's already.`, exitCodes.failed, { cause: error })
  } finally {
    await orm.close()
  }
}

async function check(
  hashing: PasswordHashing,
  { breachedPasswords }: Settings,
  wanted: NewAdministrator,
): Promise<CheckedAdministrator> {
  await using strength = new PasswordStrength()
  await using http = new OutboundHttp({ allowedHosts: [] })
  const policy = new PasswordPolicy({
    hashing,
    strength,
    breaches: breachedPasswords ? { http } : null,
    onUnreachable: () => {},
  })
  const outcome = await checkAdministrator(policy, wanted)
  if ('checked' in outcome) return outcome.checked
  throw new StartupError(sentenceOf(outcome.faults), exitCodes.failed)
}

function sentenceOf({ password, ...faults }: AdministratorFaults): string {
  if (password === 'GUESSABLE')
    return 'The password is soon guessed; several words that have nothing to do with each other are not.'
  if (password === 'BREACHED') return 'The password stands in a collection of stolen ones; take another.'
  if (password) {
    return `The password has to have ${passwordLength.min} to ${lengths.password} characters; several words are easy to remember.`
  }
  if (faults.email) return '--email has to be an address, as ada@example.com.'
  const [option, reason] = Object.entries(faults)[0] ?? []
  const fault = { EMPTY: 'is empty', TOO_SHORT: 'is too short', TOO_LONG: 'is too long' }[String(reason)]
  return `--${option} ${fault ?? 'has a character that it may not have'}.`
}
