import type { TypePolicies } from '@apollo/client'
import { activityTypePolicies } from '../features/activity/activity-type-policies.ts'
import { contactTypePolicies } from '../features/contacts/contact-type-policies.ts'
import { notificationTypePolicies } from '../features/notifications/notification-type-policies.ts'
import { securityTypePolicies } from '../features/security/security-type-policies.ts'
import { tokenTypePolicies } from '../features/tokens/token-type-policies.ts'

/** How the cache keeps what the features read; each feature says it for its own fields. */
export const typePolicies: TypePolicies[] = [
  notificationTypePolicies,
  tokenTypePolicies,
  contactTypePolicies,
  securityTypePolicies,
  activityTypePolicies,
]
