import type { TypePolicies } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'

/** The server always sends whole lists. A channel is told of for the person who asks only, so its name is its key. */
export const contactTypePolicies = {
  User: {
    fields: {
      emails: { merge: false },
      phones: { merge: false },
      pushDevices: { merge: false },
      slackLinks: { merge: false },
      channels: { merge: false },
      notificationChannels: { merge: false },
      // The pages of what was sent as one list, newest first.
      deliveries: relayStylePagination(['addressId']),
    },
  },
  Email: { fields: { proof: { merge: false }, namedInRules: { merge: false } } },
  Phone: {
    fields: {
      proof: { merge: false },
      namedInRules: { merge: false },
      blockedChannels: { merge: false },
    },
  },
  UserChannel: { keyFields: ['channel'] },
  AddressHealth: { merge: true },
} satisfies TypePolicies
