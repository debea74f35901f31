import type { ApolloCache } from '@apollo/client'
import { type BadgeChangesSubscription, Badge_UserFragmentDoc } from '../../graphql/generated.ts'

export type Badge = BadgeChangesSubscription['notificationBadge']

/** Files a badge under its person. It has no id of its own, so answers of mutations do not find the way alone. */
export function rememberBadge(cache: ApolloCache, userId: string, notificationBadge: Badge): void {
  cache.writeFragment({
    fragment: Badge_UserFragmentDoc,
    data: { __typename: 'User', id: userId, notificationBadge },
  })
}
