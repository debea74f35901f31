import { ApolloLink, CombinedGraphQLErrors, Observable } from '@apollo/client'
import type { FormattedExecutionResult } from 'graphql'
import type { Client } from 'graphql-ws'
import { documentIdOf } from './document-id.ts'

/** Subscribes over the socket by hash: the text stays empty, the extensions carry the id. */
export function createSocketLink(socket: Pick<Client, 'subscribe'>): ApolloLink {
  return new ApolloLink(
    (operation) =>
      new Observable<ApolloLink.Result>((observer) =>
        socket.subscribe<ApolloLink.Result['data']>(
          {
            query: '',
            variables: operation.variables,
            extensions: { documentId: documentIdOf(operation.operationName) },
          },
          {
            // Errors come over the wire as plain objects; graphql-ws calls them instances.
            next: (result) => observer.next(result as FormattedExecutionResult),
            complete: () => observer.complete(),
            error: (problem) => observer.error(errorOf(problem)),
          },
        ),
      ),
  )
}

/** The socket fails with an error, with a list of refusals, or with the event that closed it. */
function errorOf(problem: unknown): Error {
  if (problem instanceof Error) return problem
  if (Array.isArray(problem)) return new CombinedGraphQLErrors({ errors: problem })
  return new Error('The socket was closed.', { cause: problem })
}
