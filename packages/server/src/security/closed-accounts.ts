import { type RawBuilder, sql } from 'kysely'

import type { Row } from '../lib/read-model.ts'
import type { ClosedAccounts, ClosedReason } from '../viewer.ts'

/** Said of an account that an administrator reaches without its single sign-on, until that is written down. */
const unrecordedBypass = 'UNRECORDED_BYPASS'

/** What `closedAccountsOf` finds. */
export type FoundClosings = Readonly<Record<string, ClosedReason | typeof unrecordedBypass>>

/** The accounts that are closed, and those whose bypass is to be written down before anything is answered. */
export function sortClosings(found: FoundClosings | null): {
  closedAccounts: ClosedAccounts | null
  unrecordedBypasses: string[]
} {
  const closed: Record<string, ClosedReason> = {}
  const unrecordedBypasses: string[] = []
  for (const [accountId, reason] of Object.entries(found ?? {})) {
    if (reason === unrecordedBypass) unrecordedBypasses.push(accountId)
    else closed[accountId] = reason
  }
  return { closedAccounts: Object.keys(closed).length > 0 ? closed : null, unrecordedBypasses }
}

/**
 * The person's accounts that a session may not reach, as JSON of what is missing by the account's id; null when there
 * are none. An account with single sign-on takes sessions that came through it, and its administrators' others, which
 * is to be written down once for each session. One that asks for two factors takes people who have a second one, and
 * sessions that a passkey or its single sign-on opened. It is looked at with each request, so that a change counts from
 * the next one on. Source: S-E1, A73, A75.
 */
export function closedAccountsOf(person: Row, session: Row): RawBuilder<unknown> {
  // Both may say something of an account; what is missing more stands last, and counts. A bypass stands first: it is
  // none where the account is closed.
  return sql`(select jsonb_object_agg(account_id, reason order by reason desc)
    from (${othersOfVouched(person, session)} union all ${asksForMore(person, session)}) as closed (account_id, reason))`
}

/**
 * A session that began with one account's identity provider reaches that account, and no other until its person has
 * proven themselves who they are: no account's provider can sign anybody into another one. Source: S-E3.
 */
function othersOfVouched(person: Row, session: Row): RawBuilder<unknown> {
  const userId = person.column('id')
  return sql`select o.account_id, 'STEP_UP_REQUIRED' from account_user o
    where ${session.column('method')} = 'SSO' and o.user_id = ${userId}
      and not exists (select 1 from session_account c where c.user_id = ${userId}
        and c.session_id = ${session.column('id')} and c.account_id = o.account_id)`
}

function asksForMore(person: Row, session: Row): RawBuilder<unknown> {
  const userId = person.column('id')
  const isAdministrator = sql`(${person.column('super_admin')} or a.owner_id = ${userId} or exists (
    select 1 from account_user_role g join role r on r.id = g.role_id
    where g.user_id = m.user_id and g.account_user_id = m.id and 'account.manage' = any(r.permissions)))`
  const cameThrough = sql`exists (select 1 from session_account c
    where c.user_id = ${userId} and c.session_id = ${session.column('id')} and c.account_id = a.id
      and c.connection_id = a.sso_connection_id)`
  const lacksFactor = sql`(a.require_two_factor and ${session.column('method')} <> 'PASSKEY'
    and not exists (select 1 from totp_factor f where f.user_id = ${userId}))`
  const needsSso = sql`(a.sso_connection_id is not null and not ${isAdministrator})`
  // Who does not need it, where it is needed, is an administrator.
  const isUnrecorded = sql`(a.sso_connection_id is not null and not exists (select 1 from sso_bypass b
    where b.user_id = ${userId} and b.session_id = ${session.column('id')} and b.account_id = a.id))`
  return sql`select a.id, case when ${needsSso} then 'SSO_REQUIRED' when ${lacksFactor} then 'TWO_FACTOR_REQUIRED'
      else ${sql.lit(unrecordedBypass)} end
    from account_user m join account a on a.id = m.account_id
    where m.user_id = ${userId} and (a.sso_connection_id is not null or a.require_two_factor)
      and (${needsSso} or ${lacksFactor} or ${isUnrecorded}) and not ${cameThrough}`
}
