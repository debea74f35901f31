import type { TypePolicies } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'

/** The server always sends the whole list of one's own; everybody's comes page by page, newest first. */
export const tokenTypePolicies = {
  AccountUser: { fields: { personalAccessTokens: { merge: false } } },
  Account: { fields: { personalAccessTokens: relayStylePagination() } },
} satisfies TypePolicies
