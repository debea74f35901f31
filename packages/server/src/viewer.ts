import type { Language } from './language.ts'
import type { ViewerFact } from './lib/read-model.ts'

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
} satisfies Record<string, ViewerFact<Viewer>>

/** The account that the credential is bound to; null for a session, which works across the person's accounts. */
export function boundAccountId({ credential }: Viewer): string | null {
  return credential.kind === 'token' ? credential.accountId : null
}
