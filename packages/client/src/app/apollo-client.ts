import { ApolloClient, ApolloLink, CombinedGraphQLErrors, InMemoryCache } from '@apollo/client'
import { ErrorLink } from '@apollo/client/link/error'
import { OperationTypeNode } from 'graphql'
import { readClosings } from './read-closings.ts'
import { createStepUpLink } from './step-up.ts'
import { createTrustedDocumentLink } from './trusted-document-link.ts'
import { typePolicies } from './type-policies.ts'

interface ApolloClientParts {
  send: typeof fetch
  /** Carries subscriptions. */
  socket: ApolloLink
  /** The session has ended, or there was none. */
  onSignedOut: () => void
  /** The server no longer knows the documents of this build of the page. */
  onOutdated: () => void
  /** Asks for fresh proof of who it is; resolves to whether there is. */
  prove: () => Promise<boolean>
}

/** A refusal is a value to render: no hook and no mutation of this client throws one. */
export function createApolloClient(parts: ApolloClientParts): ApolloClient {
  return new ApolloClient({
    cache: createCache(),
    link: ApolloLink.from([
      watchFor(parts),
      createStepUpLink(parts.prove),
      ApolloLink.split(
        ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
        parts.socket,
        createTrustedDocumentLink(parts.send),
      ),
    ]),
    dataMasking: true,
    defaultOptions: {
      watchQuery: { errorPolicy: 'all' },
      query: { errorPolicy: 'all' },
      mutate: { errorPolicy: 'all' },
    },
  })
}

function watchFor({ onSignedOut, onOutdated }: ApolloClientParts): ApolloLink {
  return new ErrorLink(({ error, operation }) => {
    if (!CombinedGraphQLErrors.is(error)) return
    const codes = error.errors.map(({ extensions }) => extensions?.['code'])
    if (codes.includes('UNAUTHENTICATED')) onSignedOut()
    if (codes.includes('DOCUMENT_NOT_FOUND')) onOutdated()
    // An account was closed to this session. The frame of the page says so, once it knows.
    const isClosed = error.errors.some(({ extensions }) => extensions?.['accountId'] !== undefined)
    if (isClosed) readClosings(operation.client)
  })
}

function createCache(): InMemoryCache {
  const cache = new InMemoryCache()
  for (const policies of typePolicies) cache.policies.addTypePolicies(policies)
  return cache
}
