import type { TypePolicies } from '@apollo/client'

/** How the cache keeps what the features read; each feature says it for its own types. */
export const typePolicies: TypePolicies = {
  // There is one `me`, whoever it is; a badge without an id belongs to it.
  Query: { fields: { me: { merge: true } } },
}
