import { useApolloClient } from '@apollo/client/react'
import { useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import {
  CreatePersonalAccessTokenDocument,
  type CreatePersonalAccessTokenInput,
  TokenList_AccountUserFragmentDoc,
} from '../../graphql/generated.ts'
import { OneTimeSecret } from '../../ui/one-time-secret.ts'

/** A token with its secret, as it is shown once. */
export interface CreatedToken {
  secret: OneTimeSecret
  name: string
  readOnly: boolean
  expiresAt: string
  /** Until when the one works that it replaces; absent where it replaces none that still does. */
  oldWorksUntil?: string
}

type Wanted = CreatePersonalAccessTokenInput & { expiresAt: string }

/**
 * Makes a token and lists it. The secret is handed to the caller and kept nowhere else: it stays out of
 * the cache, and out of the state that `useMutation` would hold.
 */
export function useCreateToken() {
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const [creating, setCreating] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()

  /** Resolves to undefined when the server refused. */
  async function createToken(input: Wanted): Promise<CreatedToken | undefined> {
    setCreating(true)
    setRefusal(undefined)
    const { data, error } = await client.mutate({
      mutation: CreatePersonalAccessTokenDocument,
      variables: { input },
      fetchPolicy: 'no-cache',
    })
    setCreating(false)
    setRefusal(refusalOf(error))
    if (!data) return undefined

    const { token, personalAccessToken } = data.createPersonalAccessToken
    client.cache.updateFragment(
      {
        fragment: TokenList_AccountUserFragmentDoc,
        from: { __typename: 'AccountUser', id: String(input.accountUserId) },
      },
      (accountUser) =>
        accountUser && {
          ...accountUser,
          personalAccessTokens: [personalAccessToken, ...accountUser.personalAccessTokens],
        },
    )
    const { name, readOnly } = personalAccessToken
    return { secret: new OneTimeSecret(token), name, readOnly, expiresAt: input.expiresAt }
  }

  return { createToken, creating, refusal }
}
