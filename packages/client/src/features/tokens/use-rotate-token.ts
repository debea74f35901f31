import { useApolloClient } from '@apollo/client/react'
import { useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import {
  RotatePersonalAccessTokenDocument,
  type RotatePersonalAccessTokenInput,
  TokenList_AccountUserFragmentDoc,
} from '../../graphql/generated.ts'
import { OneTimeSecret } from '../../ui/one-time-secret.ts'
import type { CreatedToken } from './use-create-token.ts'

/** Replaces a token and lists both. The secret is kept nowhere, as when a token is made. */
export function useRotateToken() {
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const [rotating, setRotating] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()

  /** Resolves to undefined when the server refused. */
  async function rotateToken(input: RotatePersonalAccessTokenInput): Promise<CreatedToken | undefined> {
    setRotating(true)
    setRefusal(undefined)
    const { data, error } = await client.mutate({
      mutation: RotatePersonalAccessTokenDocument,
      variables: { input },
      fetchPolicy: 'no-cache',
    })
    setRotating(false)
    setRefusal(refusalOf(error))
    if (!data) return undefined

    const { token, personalAccessToken, accountUser } = data.rotatePersonalAccessToken
    client.cache.updateFragment(
      {
        fragment: TokenList_AccountUserFragmentDoc,
        from: { __typename: 'AccountUser', id: accountUser.id },
      },
      () => accountUser,
    )
    const { name, readOnly, expiresAt } = personalAccessToken
    const old = accountUser.personalAccessTokens.find(({ id }) => id === input.personalAccessTokenId)
    return {
      secret: new OneTimeSecret(token),
      name,
      readOnly,
      expiresAt: String(expiresAt),
      ...(old?.expiresAt && { oldWorksUntil: old.expiresAt }),
    }
  }

  return { rotateToken, rotating, refusal }
}
