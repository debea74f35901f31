import type { TypePolicies } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'

/** Members come page by page, who came last first; one's own accounts always come as a whole. */
export const accountTypePolicies = {
  User: { fields: { accountUsers: { merge: false } } },
  Account: { fields: { accountUsers: relayStylePagination() } },
} satisfies TypePolicies
