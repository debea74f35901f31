import { useApolloClient, useFragment, useQuery, useSubscription } from '@apollo/client/react'
import { useEffect, useState } from 'react'
import {
  ContactsDocument,
  DeliveryChangesDocument,
  DeliveryNowDocument,
  type DeliveryState,
  type TestProgress_DeliveryFragment,
  TestProgress_DeliveryFragmentDoc,
} from '../../graphql/generated.ts'

/** Nothing comes after these. */
const decided: readonly DeliveryState[] = ['DELIVERED', 'UNDELIVERED', 'FAILED', 'SUPPRESSED']

/** A socket that says nothing for so long may be gone, so the server is asked instead. */
const silenceMilliseconds = 4_000
const askAgainMilliseconds = 2_000

/** A test is not sent after five minutes, and most carriers have nothing more to tell of it. */
const patienceMilliseconds = 300_000

/**
 * A delivery as it goes on: told over the socket, asked for where that is silent, until it is decided or the patience
 * ends. Whichever answer comes is kept in the cache, where this reads it.
 */
export function useLiveDelivery(id: string): TestProgress_DeliveryFragment | undefined {
  const client = useApolloClient()
  const { data, complete } = useFragment({
    fragment: TestProgress_DeliveryFragmentDoc,
    from: { __typename: 'Delivery', id },
  })
  const isDecided = complete && decided.includes(data.state)
  const [heardAt, setHeardAt] = useState(0)
  const silent = useHasPassed(silenceMilliseconds, heardAt)
  const given = useHasPassed(patienceMilliseconds)
  const over = isDecided || given

  useSubscription(DeliveryChangesDocument, {
    variables: { id },
    skip: over,
    ignoreResults: true,
    onData: () => setHeardAt(Date.now()),
  })
  useQuery(DeliveryNowDocument, {
    variables: { id },
    skip: over || !silent,
    fetchPolicy: 'network-only',
    pollInterval: askAgainMilliseconds,
  })

  // The row above tells when its address last worked, or that it is blocked now.
  useEffect(() => {
    if (isDecided) void client.refetchQueries({ include: [ContactsDocument] })
  }, [client, isDecided])

  return complete ? data : undefined
}

/** Whether so much time went by since this was first drawn, or since `since` last changed. */
function useHasPassed(milliseconds: number, since = 0): boolean {
  const [passedFor, setPassedFor] = useState<number>()
  useEffect(() => {
    const timer = setTimeout(() => setPassedFor(since), milliseconds)
    return () => clearTimeout(timer)
  }, [milliseconds, since])
  return passedFor === since
}
