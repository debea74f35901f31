import type { EntityManager } from '@mikro-orm/postgresql'

import type { User } from '../../users/user.entity.ts'

/** An account of a person's that has single sign-on. */
export interface SsoAccount {
  id: string
  name: string
  connectionId: string
}

interface Membership extends SsoAccount {
  isAdministrator: boolean
}

/** Those that the person reaches without it, as an administrator: each time it happens it is written down. */
export async function accountsWithSso(em: EntityManager, user: User): Promise<SsoAccount[]> {
  const memberships = await membershipsOf(em, user)
  return memberships.filter(({ connectionId, isAdministrator }) => connectionId !== null && isAdministrator)
}

/**
 * All accounts of a person who can reach none of them without single sign-on; empty for everybody else, who may sign in
 * as they like and is asked for it by the accounts that want it.
 */
export async function closedWithoutSso(em: EntityManager, user: User): Promise<SsoAccount[]> {
  const memberships = await membershipsOf(em, user)
  const isClosed = memberships.every(
    ({ connectionId, isAdministrator }) => connectionId !== null && !isAdministrator,
  )
  return isClosed ? memberships : []
}

/** Where a browser goes next: to the one identity provider, or to the choice among several. */
export function ssoUrlFor(accounts: readonly SsoAccount[]): string {
  const [first, ...others] = accounts
  return first && others.length === 0 ? startUrlOf(first) : '/sign-in/organisation'
}

/** Begins single sign-on; a browser goes there as to a page. */
export function startUrlOf({ connectionId }: Pick<SsoAccount, 'connectionId'>): string {
  return `/sso/start/${connectionId}`
}

async function membershipsOf(em: EntityManager, user: User): Promise<Membership[]> {
  return em.execute<Membership[]>(
    `select a.id, a.name, a.sso_connection_id as "connectionId",
        (? or a.owner_id = m.user_id or exists (
          select 1 from account_user_role g join role r on r.id = g.role_id
          where g.user_id = m.user_id and g.account_user_id = m.id and 'account.manage' = any(r.permissions)
        )) as "isAdministrator"
      from account_user m join account a on a.id = m.account_id
      where m.user_id = ? order by a.name, a.id`,
    [user.superAdmin, user.id],
  )
}
