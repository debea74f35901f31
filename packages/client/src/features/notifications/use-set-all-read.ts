import type { ApolloCache } from '@apollo/client'
import { useMutation } from '@apollo/client/react'
import { useRefusal } from '../../app/error-messages.ts'
import { useViewer } from '../../app/viewer.tsx'
import {
  InboxItemsDocument,
  type NotificationKind,
  SetAllNotificationsReadDocument,
} from '../../graphql/generated.ts'
import { rememberBadge } from './remember-badge.ts'

/** Marks every item of one kind read: alerts are not passed over by clearing the notifications. */
export function useSetAllRead() {
  const { id: userId } = useViewer()
  const [mutate, { loading, error }] = useMutation(SetAllNotificationsReadDocument)
  const refusal = useRefusal(error)

  /** Resolves to whether it was done. */
  async function setAllRead(kind: NotificationKind): Promise<boolean> {
    const result = await mutate({
      variables: { input: { read: true, kind } },
      update: (cache, { data }) => {
        if (!data) return
        rememberBadge(cache, userId, data.setAllNotificationsRead.badge)
        markLoadedItemsRead(cache, kind)
      },
    })
    return !result.error
  }

  return { setAllRead, loading, refusal }
}

/** The answer holds the badge only; the items that are on the page are known to be read now. */
function markLoadedItemsRead(cache: ApolloCache, kind: NotificationKind): void {
  const readAt = new Date().toISOString()
  const loaded = cache.readQuery({ query: InboxItemsDocument, variables: { kind } })
  for (const { node } of loaded?.me?.notifications.edges ?? []) {
    if (node.readAt) continue
    const id = cache.identify(node)
    if (id) cache.modify({ id, fields: { readAt: () => readAt } })
  }
}
