import type { TypePolicies } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'

/** The pages of the history as one list, newest first; what is about security alone is a list of its own. */
export const activityTypePolicies = {
  User: { fields: { activity: relayStylePagination(['security']) } },
} satisfies TypePolicies
