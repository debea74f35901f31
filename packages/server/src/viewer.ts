import type { Language } from './users/user.entity.ts'

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
}

/** Bound to one account: the person's others are not to be had with it. */
export interface TokenCredential {
  kind: 'token'
  tokenId: string
  name: string
  accountUserId: string
  accountId: string
  readOnly: boolean
}

/** The account that the credential is bound to; null for a session, which works across the person's accounts. */
export function boundAccountId({ credential }: Viewer): string | null {
  return credential.kind === 'token' ? credential.accountId : null
}
