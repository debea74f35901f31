import type { FieldFault } from '@lanyard/contract/field-fault'
import { lengths } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import { Account } from '../accounts/account.entity.ts'
import { ActivityEntry } from '../activity/activity-entry.entity.ts'
import { checkEmailAddress } from '../contacts/email-address.ts'
import { AppError } from '../errors/app-error.ts'
import { newId } from '../lib/ids.ts'
import { checkText } from '../lib/text-input.ts'
import type { PasswordPolicy } from '../security/password-policy.ts'
import { insertAccount, insertMember } from '../seed/insert-account.ts'
import { insertPerson } from '../seed/insert-person.ts'
import { checkUsername } from '../users/user.service.ts'

export interface NewAdministrator {
  username: string
  name: string
  /** Counts as proven: whoever runs the server vouches for it. */
  email: string
  /** An account by its name; one that does not exist is founded, with this person as its owner. */
  account: string
  password: string
}

export type AdministratorField = keyof NewAdministrator

export type AdministratorFaults = Partial<Record<AdministratorField, FieldFault>>

export type CheckedAdministrator = Omit<NewAdministrator, 'password'>

/** @returns what is wrong with each field, or the fields as they are stored */
export async function checkAdministrator(
  policy: PasswordPolicy,
  wanted: NewAdministrator,
): Promise<{ faults: AdministratorFaults } | { checked: CheckedAdministrator }> {
  const faults: AdministratorFaults = {}
  const { username, name, email, account, password } = wanted
  const checked = {
    username: await attempt(() => checkUsername(username, 'username')),
    name: await attempt(() => checkText(name, 'name', { max: lengths.name })),
    email: await attempt(() => checkEmailAddress(email, 'email').address),
    account: await attempt(() => checkText(account, 'account', { max: lengths.name })),
  }
  const chooser = { words: [username, name, email, account], hasSecondFactor: false }
  await attempt(async () => {
    await policy.check(password, 'password', chooser)
    return ''
  })
  return Object.keys(faults).length > 0 ? { faults } : { checked }

  async function attempt(check: () => string | Promise<string>): Promise<string> {
    try {
      return await check()
    } catch (error) {
      const { field, reason } = error instanceof AppError ? error.details : {}
      if (!isField(field) || !reason) throw error
      faults[field] = reason
      return ''
    }
  }

  function isField(field: string | undefined): field is AdministratorField {
    return field !== undefined && Object.hasOwn(wanted, field)
  }
}

/**
 * Makes a super admin who can sign in at once.
 * @throws UniqueConstraintViolationException when the username or the email is somebody else's
 */
export async function insertAdministrator(
  tx: EntityManager,
  now: Date,
  { username, name, email, account: accountName }: CheckedAdministrator,
  passwordHash: string,
): Promise<void> {
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
