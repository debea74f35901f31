import { type RawBuilder, sql } from 'kysely'

import { AppError } from './errors/app-error.ts'
import type { Language } from './language.ts'
import type { StatementBuilder, ViewerFact } from './lib/read-model.ts'

/** Who asks, and by what right. */
export interface Viewer {
  userId: string
  superAdmin: boolean
  language: Language
  rowsPerPage: number
  credential: SessionCredential | TokenCredential
}

export interface SessionCredential {
  kind: 'session'
  sessionId: string
  /** When the person last proved who they are. */
  provenAt: Date
  /** The person's accounts that this session may not reach, and what would open them; null when it reaches all. */
  closedAccounts: ClosedAccounts | null
}

/** By the account's id. */
export type ClosedAccounts = Readonly<Record<string, ClosedReason>>
export type ClosedReason = 'SSO_REQUIRED' | 'TWO_FACTOR_REQUIRED' | 'STEP_UP_REQUIRED'

/** Bound to one account: the person's others are not to be had with it. */
export interface TokenCredential {
  kind: 'token'
  tokenId: string
  name: string
  accountUserId: string
  accountId: string
  readOnly: boolean
}

/** What statements may want to know of the viewer. */
export const viewerFacts = {
  userId: { column: 'userId', sqlType: 'uuid', of: ({ userId }) => userId },
  superAdmin: { column: 'superAdmin', sqlType: 'boolean', of: ({ superAdmin }) => superAdmin },
  language: { column: 'language', sqlType: 'text', of: ({ language }) => language },
  rowsPerPage: { column: 'rowsPerPage', sqlType: 'int', of: ({ rowsPerPage }) => rowsPerPage },
  /** Null for a token. */
  sessionId: {
    column: 'sessionId',
    sqlType: 'uuid',
    of: ({ credential }) => (credential.kind === 'session' ? credential.sessionId : null),
  },
  boundAccountId: { column: 'boundAccountId', sqlType: 'uuid', of: boundAccountId },
  /** Null when there are none: a statement that finds out itself who asks answers only then. */
  closedAccountIds: { column: 'closedAccountIds', sqlType: 'uuid[]', of: closedAccountIds },
} satisfies Record<string, ViewerFact<Viewer>>

/** The account that the credential is bound to; null for a session, which works across the person's accounts. */
export function boundAccountId({ credential }: Viewer): string | null {
  return credential.kind === 'token' ? credential.accountId : null
}

/** Null when there are none, as for a token. */
export function closedAccountIds({ credential }: Viewer): string[] | null {
  const closed = credential.kind === 'session' ? credential.closedAccounts : null
  return closed && Object.keys(closed)
}

/**
 * Whether the session rests on the word of one account's identity provider alone, while its person has other accounts.
 * What a person has in all of them is not that provider's to give away.
 */
export function isVouchedForOnly({ credential }: Viewer): boolean {
  const closed = credential.kind === 'session' ? credential.closedAccounts : null
  return closed !== null && Object.values(closed).includes('STEP_UP_REQUIRED')
}

/** Whether nothing of the person's is kept from the credential. */
export function reachesEverything(viewer: Viewer): boolean {
  return boundAccountId(viewer) === null && closedAccountIds(viewer) === null
}

/** Whether the credential reaches what belongs to the account. Null is what belongs to none. */
export function reaches(viewer: Viewer, accountId: string | null): boolean {
  if (accountId === null) return true
  const bound = boundAccountId(viewer)
  return (bound === null || bound === accountId) && closedReason(viewer, accountId) === undefined
}

/** @throws AppError SSO_REQUIRED, TWO_FACTOR_REQUIRED or STEP_UP_REQUIRED for an account that this session may not reach */
export function refuseClosedAccount(viewer: Viewer, accountId: string): void {
  const reason = closedReason(viewer, accountId)
  if (reason) throw new AppError(reason, { accountId })
}

function closedReason({ credential }: Viewer, accountId: string): ClosedReason | undefined {
  return credential.kind === 'session' ? credential.closedAccounts?.[accountId] : undefined
}

/** The same in a statement, over a column that holds the id of an account. */
export function withinReach(
  accountId: RawBuilder<unknown>,
  builder: StatementBuilder<Viewer>,
): RawBuilder<unknown> {
  const bound = builder.viewer(viewerFacts.boundAccountId)
  const isBound = sql`(${bound} is null or ${accountId} = ${bound})`
  if (builder.finished) return isBound
  const closed = builder.viewer(viewerFacts.closedAccountIds)
  return sql`(${isBound} and coalesce(${accountId} <> all(${closed}), true))`
}
