import type { TypePolicies } from '@apollo/client'
import { accountTypePolicies } from '../features/accounts/account-type-policies.ts'
import { activityTypePolicies } from '../features/activity/activity-type-policies.ts'
import { contactTypePolicies } from '../features/contacts/contact-type-policies.ts'
import { notificationTypePolicies } from '../features/notifications/notification-type-policies.ts'
import { securityTypePolicies } from '../features/security/security-type-policies.ts'
import { tokenTypePolicies } from '../features/tokens/token-type-policies.ts'

/** How the cache keeps what the features read; each feature says it for its own fields. */
export const typePolicies: TypePolicies[] = [
  accountTypePolicies,
  notificationTypePolicies,
  tokenTypePolicies,
  contactTypePolicies,
  securityTypePolicies,
  activityTypePolicies,
]
