import type { ApolloClient } from '@apollo/client'
import { ShellDocument } from '../graphql/generated.ts'

/** Asks anew which accounts this session reaches; every page shows the answer. Without one it stays as it was. */
export function readClosings(client: ApolloClient): void {
  client.query({ query: ShellDocument, fetchPolicy: 'network-only' }).catch(() => undefined)
}
