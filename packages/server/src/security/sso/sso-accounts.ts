import type { EntityManager } from '@mikro-orm/postgresql'

import type { User } from '../../users/user.entity.ts'

/** An account of a person's that has single sign-on. */
export interface SsoAccount {
  id: string
  name: string
  connectionId: string
}

/** An account of a person's; the connection is null where they sign in as they like. */
export interface SsoMembership extends Omit<SsoAccount, 'connectionId'> {
  connectionId: string | null
  isAdministrator: boolean
}

/**
 * All accounts of a person who can reach none of them without single sign-on; empty for everybody else, who may sign in
 * as they like and is asked for it by the accounts that want it.
 */
export function closedAmong(memberships: readonly SsoMembership[]): SsoAccount[] {
  const closed = memberships.filter(hasSso).filter(({ isAdministrator }) => !isAdministrator)
  return closed.length === memberships.length ? closed : []
}

function hasSso(membership: SsoMembership): membership is SsoMembership & SsoAccount {
  return membership.connectionId !== null
}

/** The same for a person whose memberships nobody has read. */
export async function closedWithoutSso(em: EntityManager, user: User): Promise<SsoAccount[]> {
  const { text, values } = membershipsStatement(user)
  return closedAmong(await em.execute<SsoMembership[]>(text, [...values]))
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

/** Reads each `SsoMembership` of a person. */
export function membershipsStatement({ id, superAdmin }: User): {
  text: string
  values: readonly unknown[]
} {
  const text = `select a.id, a.name, a.sso_connection_id as "connectionId",
      (? or a.owner_id = m.user_id or exists (
        select 1 from account_user_role g join role r on r.id = g.role_id
        where g.user_id = m.user_id and g.account_user_id = m.id and 'account.manage' = any(r.permissions)
      )) as "isAdministrator"
    from account_user m join account a on a.id = m.account_id
    where m.user_id = ? order by a.name, a.id`
  return { text, values: [superAdmin, id] }
}
