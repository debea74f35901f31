import { type ApolloCache, CombinedGraphQLErrors } from '@apollo/client'
import { useApolloClient } from '@apollo/client/react'
import type { GraphQLFormattedError } from 'graphql'
import { leaveForSignIn } from '../../app/leave-for-sign-in.ts'

type Answer = { avatarUrl: string | null } | { errors: GraphQLFormattedError[] }

/**
 * Sets the picture of the person who is signed in, or removes it: null. Resolves to what went wrong, as the `error` of
 * a mutation, and to undefined when it is saved.
 */
export function useSaveAvatar(userId: string): (picture: Blob | null) => Promise<unknown> {
  const { cache } = useApolloClient()

  return async (picture) => {
    try {
      const answer = await send(picture)
      if ('errors' in answer) return refused(answer.errors)
      show(cache, userId, answer.avatarUrl)
      return undefined
    } catch (error) {
      return error
    }
  }
}

async function send(picture: Blob | null): Promise<Answer> {
  const response = await fetch(
    '/me/avatar',
    picture
      ? { method: 'PUT', headers: { 'content-type': picture.type }, body: picture }
      : { method: 'DELETE' },
  )
  // The server's own words, in either form.
  return (await response.json()) as Answer
}

function refused(errors: GraphQLFormattedError[]): CombinedGraphQLErrors {
  if (errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED')) leaveForSignIn()
  return new CombinedGraphQLErrors({ errors })
}

/** Wherever the person is on the page. */
function show(cache: ApolloCache, userId: string, avatarUrl: string | null): void {
  const id = cache.identify({ __typename: 'User', id: userId })
  if (id) cache.modify({ id, fields: { avatarUrl: () => avatarUrl } })
}
