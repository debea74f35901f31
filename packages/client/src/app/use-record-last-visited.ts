import { useMutation } from '@apollo/client/react'
import { useEffect } from 'react'
import { useLocation } from 'react-router'
import { isInbox } from './paths.ts'
import { RecordLastVisitedDocument } from '../graphql/generated.ts'

/** Remembers where the person is, for "Last visited page" and for the account used last. */
export function useRecordLastVisited(accountId: string | null): void {
  const { pathname, search } = useLocation()
  const [recordLastVisited] = useMutation(RecordLastVisitedDocument)

  useEffect(() => {
    if (isInbox(pathname)) return
    const input = { path: pathname + search, ...(accountId && { accountId }) }
    // Only a convenience: when it fails there is nothing the person should do about it.
    recordLastVisited({ variables: { input } }).catch(() => undefined)
  }, [pathname, search, accountId, recordLastVisited])
}
