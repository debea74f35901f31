import type { TypePolicies } from '@apollo/client'

/** The server always sends whole lists. What has no id belongs to the one person. */
export const securityTypePolicies = {
  User: {
    fields: {
      passkeys: { merge: false },
      sessions: { merge: false },
      recovery: { merge: false },
      removedEmails: { merge: false },
    },
  },
  TwoFactor: { merge: true, fields: { requiredBy: { merge: false } } },
} satisfies TypePolicies
