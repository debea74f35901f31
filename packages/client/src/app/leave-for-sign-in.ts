import type { ApolloClient } from '@apollo/client'
import { LandingDocument } from '../graphql/generated.ts'
import { paths, signInReturningTo } from './paths.ts'

let leaving = false

/**
 * Leaves for the sign-in page, to come back here afterwards. The page is loaded anew, so that nothing
 * of the person stays in memory and the socket of the ended session is gone.
 */
export function leaveForSignIn(): void {
  if (leaving || location.pathname === paths.signIn) return
  leaving = true
  location.assign(signInReturningTo(location.pathname + location.search))
}

/** After logging out, which nobody does in order to come back here. */
export function leaveAfterLogOut(): void {
  leaving = true
  location.assign(paths.signIn)
}

/** A socket may be refused for other reasons than an ended session; the server says which it is. */
export async function leaveIfSignedOut(client: ApolloClient): Promise<void> {
  const { data } = await client.query({ query: LandingDocument, fetchPolicy: 'network-only' })
  if (data?.me === null) leaveForSignIn()
}
