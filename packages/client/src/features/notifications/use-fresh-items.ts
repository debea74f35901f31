import { useApolloClient } from '@apollo/client/react'
import { rowsPerPage } from '@lanyard/contract/limits'
import { useEffect, useRef } from 'react'
import { InboxItemsDocument, type NotificationKind } from '../../graphql/generated.ts'

const pauseMilliseconds = 1_000

/**
 * Reads the list again whenever the badge has moved: at once, but a burst of changes at most once a
 * second. The badge says that something changed, whatever it was (an arrival, a mark in another tab, an
 * item that was not kept) and says it again after a lost connection, so nothing is missed;
 * `notificationAdded` would bring arrivals only, and only live ones. `shown` items are read, if that
 * many may be asked for.
 */
export function useFreshItems(
  kind: NotificationKind,
  badgeVersion: number | undefined,
  shown: number,
): void {
  const client = useApolloClient()
  const readVersion = useRef(badgeVersion)
  const lastReadAt = useRef(0)
  const first = shown > 0 ? Math.min(shown, rowsPerPage.max) : undefined

  useEffect(() => {
    if (badgeVersion === readVersion.current) return undefined
    const read = () => {
      readVersion.current = badgeVersion
      lastReadAt.current = Date.now()
      void client.query({
        query: InboxItemsDocument,
        variables: { kind, ...(first && { first }) },
        fetchPolicy: 'network-only',
      })
    }
    const timer = setTimeout(read, Math.max(0, lastReadAt.current + pauseMilliseconds - Date.now()))
    return () => clearTimeout(timer)
  }, [client, kind, badgeVersion, first])
}
