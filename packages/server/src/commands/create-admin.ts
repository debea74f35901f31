import { lengths } from '@lanyard/contract/limits'
import { UniqueConstraintViolationException, type EntityManager } from '@mikro-orm/postgresql'
import { Account } from '../accounts/account.entity.ts'
import { ActivityEntry } from '../activity/activity-entry.entity.ts'
import type { Config } from '../config.ts'
import { createOrm } from '../database/orm.ts'
import { AppError } from '../errors/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import { checkText } from '../lib/text-input.ts'
import { PasswordHashing } from '../security/password-hashing.ts'
import { insertAccount, insertMember } from '../seed/insert-account.ts'
import { insertPerson } from '../seed/insert-person.ts'
import { exitCodes, StartupError } from '../startup-error.ts'
import { checkUsername } from '../users/user.service.ts'

export interface NewAdministrator {
  username: string
  /** Counts as proven: whoever runs this command vouches for it. */
  email: string
  name: string
  /** An account by its name; one that does not exist is founded, with this person as its owner. */
  account: string
  password: string
}

/** Without a second factor. Source: S-A3, NIST SP 800-63B 3.1.1.2. */
const SHORTEST_PASSWORD = 15

/**
 * Makes a super admin who can sign in at once. The database is up to date.
 * @throws StartupError with what is wrong; nothing was made then
 */
export async function createAdministrator(
  databaseUrl: string,
  limits: Config['limits'],
  clock: Clock,
  wanted: NewAdministrator,
): Promise<void> {
  const checked = check(wanted)
  const passwordHash = await new PasswordHashing(limits.signIn).hash(wanted.password)
  const orm = await createOrm(databaseUrl)
  try {
    await orm.em
      .fork()
      .transactional((tx) => insertAdministrator(tx, clock.now(), { ...checked, passwordHash }))
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const taken = String(error).includes('login_name')
      ? `username ${checked.username}`
      : `email ${checked.email}`
    throw new StartupError(`The ${taken} is somebody's already.`, exitCodes.failed, { cause: error })
  } finally {
    await orm.close()
  }
}

type CheckedAdministrator = Omit<NewAdministrator, 'password'> & { passwordHash: string }

async function insertAdministrator(
  tx: EntityManager,
  now: Date,
  wanted: CheckedAdministrator,
): Promise<void> {
  const { username, name, email, account: accountName, passwordHash } = wanted
  const user = await insertPerson(tx, {
    username,
    name,
    publicName: name,
    superAdmin: true,
    timeZone: 'UTC',
    email,
    passwordHash,
    createdAt: now,
  })
  const existing = await tx.findOne(Account, { name: accountName })
  const account = existing ?? (await insertAccount(tx, { name: accountName, owner: user, createdAt: now }))
  await insertMember(tx, account, user, existing ? ['admin'] : [], now)
  await tx.insert(
    tx.create(ActivityEntry, {
      userId: user.id,
      id: newId(now),
      actorId: null,
      tokenName: null,
      action: 'USER_CREATED',
      subject: name,
      accountId: account.id,
      changes: [],
      at: now,
      address: null,
      device: null,
    }),
  )
}

function check({ password, ...wanted }: NewAdministrator): Omit<NewAdministrator, 'password'> {
  const length = Array.from(password.normalize('NFKC')).length
  if (length < SHORTEST_PASSWORD || password.length > lengths.password) {
    throw new StartupError(
      `The password has to have ${SHORTEST_PASSWORD} to ${lengths.password} characters; several words are easy to remember.`,
      exitCodes.failed,
    )
  }
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(wanted.email) || wanted.email.length > lengths.login) {
    throw new StartupError('--email has to be an address, as ada@example.com.', exitCodes.failed)
  }
  return {
    username: checked('username', () => checkUsername(wanted.username, 'username')),
    name: checked('name', () => checkText(wanted.name, 'name', { max: lengths.name })),
    account: checked('account', () => checkText(wanted.account, 'account', { max: lengths.name })),
    email: wanted.email,
  }
}

function checked(option: string, run: () => string): string {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const fault = { EMPTY: 'is empty', TOO_SHORT: 'is too short', TOO_LONG: 'is too long' }[
      String(error.details.reason)
    ]
    throw new StartupError(
      `--${option} ${fault ?? 'has a character that it may not have'}.`,
      exitCodes.failed,
    )
  }
}
