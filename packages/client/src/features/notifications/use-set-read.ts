import { useMutation } from '@apollo/client/react'
import { useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import { useViewer } from '../../app/viewer.tsx'
import { SetNotificationsReadDocument } from '../../graphql/generated.ts'
import { rememberBadge } from './remember-badge.ts'

/** What was not done, and how to try again. */
export interface ReadRefusal {
  read: boolean
  sentence: string
  retry: () => void
}

/** Marks one item read or unread, and keeps the refusal when the server does not. */
export function useSetRead() {
  const { id: userId } = useViewer()
  const refusalOf = useRefusalOf()
  const [refusal, setRefusal] = useState<ReadRefusal>()
  const [mutate] = useMutation(SetNotificationsReadDocument, {
    update: (cache, { data }) => {
      if (data) rememberBadge(cache, userId, data.setNotificationsRead.badge)
    },
  })

  async function setRead(id: string, read: boolean): Promise<void> {
    setRefusal(undefined)
    const { error } = await mutate({ variables: { input: { ids: [id], read } } })
    const refused = refusalOf(error)
    if (refused) setRefusal({ read, sentence: refused.sentence, retry: () => void setRead(id, read) })
  }

  return { setRead, refusal }
}
