import { useFragment, useSubscription } from '@apollo/client/react'
import { useEffect, useRef } from 'react'
import { BadgeChangesDocument, Badge_UserFragmentDoc } from '../../graphql/generated.ts'
import { type Badge, rememberBadge } from './remember-badge.ts'

/** The pause before a subscription that has ended is begun anew; a lost socket comes back by itself. */
const restartMilliseconds = 5_000

/** How many items wait to be read, as far as this page knows; undefined before the first answer. */
export function useBadge(userId: string): Badge | undefined {
  const { data, complete } = useFragment({
    fragment: Badge_UserFragmentDoc,
    from: { __typename: 'User', id: userId },
  })
  return complete ? data.notificationBadge : undefined
}

/**
 * Keeps the badge of the page live; once for the whole page. Every (re)connection begins with a
 * snapshot, so whatever was missed in between is made good.
 */
export function useLiveBadge(userId: string): void {
  const { restart } = useSubscription(BadgeChangesDocument, {
    fetchPolicy: 'no-cache',
    ignoreResults: true,
    onData: ({ client, data }) => {
      if (data.data) rememberBadge(client.cache, userId, data.data.notificationBadge)
    },
    onError: () => restartLater(),
    onComplete: () => restartLater(),
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const restartLater = () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(restart, restartMilliseconds)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
}
