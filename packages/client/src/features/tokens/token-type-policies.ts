import type { TypePolicies } from '@apollo/client'

/** The server always sends the whole list. */
export const tokenTypePolicies = {
  AccountUser: { fields: { personalAccessTokens: { merge: false } } },
} satisfies TypePolicies
