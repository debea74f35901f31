import { type Permission, permissions } from '@lanyard/contract/permissions'
import type { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

import { AppError } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import { boundAccountId, refuseClosedAccount, type Viewer } from '../viewer.ts'
import { Account } from './account.entity.ts'
import { AccountUser, AccountUserRole } from './account-user.entity.ts'
import { Role } from './role.entity.ts'

/**
 * The viewer's own membership, named by its id or by its account. Locked, its row is the queue in which two tabs change
 * what belongs to it one after the other.
 * @throws AppError BAD_USER_INPUT; NOT_FOUND when it is somebody else's, nobody's, or outside the token's account;
 *   SSO_REQUIRED or TWO_FACTOR_REQUIRED when it is closed to the session
 */
export async function requireMembership(
  em: EntityManager,
  viewer: Viewer,
  which: { id: string } | { accountId: string },
  field: string,
  { lockMode }: { lockMode?: LockMode.PESSIMISTIC_WRITE } = {},
): Promise<AccountUser> {
  const where =
    'id' in which ? { id: checkId(which.id, field) } : { accountId: checkId(which.accountId, field) }
  const membership = await em.findOne(
    AccountUser,
    { userId: viewer.userId, ...where },
    lockMode === undefined ? {} : { lockMode },
  )
  const bound = boundAccountId(viewer)
  if (!membership || (bound !== null && bound !== membership.accountId))
    throw new AppError('NOT_FOUND', { field })
  refuseClosedAccount(viewer, membership.accountId)
  return membership
}

/** @throws AppError FORBIDDEN */
export async function requirePermission(
  em: EntityManager,
  viewer: Viewer,
  membership: AccountUser,
  permission: Permission,
): Promise<void> {
  if (viewer.superAdmin) return
  const held = await permissionsOf(em, membership)
  if (!held.has(permission)) throw new AppError('FORBIDDEN')
}

async function permissionsOf(em: EntityManager, membership: AccountUser): Promise<ReadonlySet<Permission>> {
  const account = await em.findOneOrFail(Account, { id: membership.accountId })
  if (account.ownerId === membership.userId) return new Set(permissions)

  const given = await em.find(AccountUserRole, { userId: membership.userId, accountUserId: membership.id })
  const roles = await em.find(Role, { id: { $in: given.map(({ roleId }) => roleId) } })
  return new Set(roles.flatMap((role) => role.permissions))
}
