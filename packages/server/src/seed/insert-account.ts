import type { EntityManager } from '@mikro-orm/postgresql'
import { Account } from '../accounts/account.entity.ts'
import { AccountUser, AccountUserRole } from '../accounts/account-user.entity.ts'
import { type BuiltInRole, builtInRoleIds } from '../accounts/built-in-roles.ts'
import type { User } from '../users/user.entity.ts'

export async function insertAccount(
  tx: EntityManager,
  { name, owner, createdAt }: { name: string; owner: User; createdAt: Date },
): Promise<Account> {
  const account = tx.create(Account, { name, ownerId: owner.id, createdAt })
  await tx.insert(account)
  return account
}

/** The owner is a member too, and needs no role for it. */
export async function insertMember(
  tx: EntityManager,
  account: Account,
  user: User,
  roles: readonly BuiltInRole[],
  createdAt: Date,
): Promise<AccountUser> {
  const member = tx.create(AccountUser, { userId: user.id, accountId: account.id, createdAt })
  await tx.insert(member)
  for (const role of roles) {
    const given = { userId: user.id, accountUserId: member.id, roleId: builtInRoleIds[role] }
    await tx.insert(tx.create(AccountUserRole, given))
  }
  return member
}
