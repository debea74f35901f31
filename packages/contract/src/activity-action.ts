/** What the history of a person may tell. The client has a sentence for each; adding one here makes a missing one a type error. */
export const activityActions = [
  'USER_CREATED',
  'SIGNED_IN',
  'SIGNED_OUT',
  'PROFILE_UPDATED',
  'PREFERENCES_UPDATED',
  'NOTIFICATION_PREFERENCES_SET',
  'NOTIFICATION_RULE_SET',
  'TOKEN_CREATED',
  'TOKEN_DELETED',
  'TOKEN_REPORTED_LEAKED',
  'ACCOUNT_TOKENS_REVOKED',
] as const

export type ActivityAction = (typeof activityActions)[number]
