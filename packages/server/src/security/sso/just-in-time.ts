import { randomInt } from 'node:crypto'

import { lengths, usernamePattern } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import type { Account } from '../../accounts/account.entity.ts'
import { AccountUser, AccountUserRole } from '../../accounts/account-user.entity.ts'
import { builtInRoleIds } from '../../accounts/built-in-roles.ts'
import { recordOwnActivity } from '../../activity/record-activity.ts'
import type { Context } from '../../context.ts'
import { checkText } from '../../lib/text-input.ts'
import { LoginName, User } from '../../users/user.entity.ts'
import type { VouchedIdentity } from './sso-protocol.ts'

/**
 * Makes a member of whom only a provider knows: with the usual preferences, no password, and no email. The provider's
 * word makes no address theirs: it is an administrator's, and could name anybody's mailbox. Source: A76.
 */
export async function makePerson(
  tx: EntityManager,
  ctx: Pick<Context, 'clock' | 'origin'>,
  account: Account,
  { subject, name, email }: Pick<VouchedIdentity, 'subject' | 'name'> & { email: string | null },
): Promise<User> {
  const createdAt = ctx.clock.now()
  const username = await freeUsername(tx, usernameOf(email?.split('@')[0] ?? subject))
  const shownName = nameOf(name) ?? username
  const user = tx.create(User, { username, name: shownName, publicName: shownName, createdAt })
  await tx.insert(user)
  await tx.insert(tx.create(LoginName, { name: username, userId: user.id }))
  const membership = tx.create(AccountUser, { userId: user.id, accountId: account.id, createdAt })
  await tx.insert(membership)
  const role = { userId: user.id, accountUserId: membership.id, roleId: builtInRoleIds.member }
  await tx.insert(tx.create(AccountUserRole, role))
  recordOwnActivity(tx, ctx, { action: 'USER_CREATED', subject: shownName, userId: user.id })
  recordOwnActivity(tx, ctx, {
    action: 'ACCOUNT_JOINED',
    subject: account.name,
    accountId: account.id,
    userId: user.id,
  })
  return user
}

/** As near to the text as a username may be. */
function usernameOf(text: string): string {
  const { min, max } = lengths.username
  const letters = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '')
  // Room for the digits that make it unique.
  const trimmed = letters.slice(0, max - 5).replaceAll(/^[._-]+|[._-]+$/g, '')
  return trimmed.length >= min && usernamePattern.test(trimmed) ? trimmed : 'member'
}

async function freeUsername(tx: EntityManager, wanted: string): Promise<string> {
  let username = wanted
  while ((await tx.count(LoginName, { name: username })) > 0) {
    username = `${wanted}${randomInt(10, 99_999)}`
  }
  return username
}

/** Null when the provider's name is none of ours: empty, too long, or with characters that turn it around. */
function nameOf(name: string | null): string | null {
  try {
    return name === null ? null : checkText(name, 'name', { max: lengths.name })
  } catch {
    return null
  }
}
