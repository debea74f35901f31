import type { TypePolicies } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'

/** The pages of the history as one list, newest first. */
export const activityTypePolicies = {
  User: { fields: { activity: relayStylePagination() } },
} satisfies TypePolicies
