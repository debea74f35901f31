import type { ApolloClient } from '@apollo/client'
import { ShellDocument } from '../graphql/generated.ts'
import { paths, signInReturningTo } from './paths.ts'

let leaving = false

// Back may bring a page to life again as it was left, and such a page has nothing to show any more.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted && leaving) location.reload()
})

/**
 * Leaves for the sign-in page, to come back here afterwards. The page is loaded anew, so that nothing
 * of the person stays in memory and the socket of the ended session is gone.
 */
export function leaveForSignIn(): void {
  if (leaving || location.pathname === paths.signIn) return
  leaving = true
  location.assign(signInReturningTo(location.pathname + location.search, location.hash))
}

/**
 * Ends the session by `end`, which resolves to whether it did, and leaves. Nobody does so in order to come back here,
 * and the socket may tell of the end of the session before the answer is there: meanwhile that leads nowhere.
 * @param end may resolve to where to go instead of `to`
 * @param to what says there what became of it
 */
export async function leaveByEndingSession(
  end: () => Promise<boolean | string>,
  to: string = paths.signIn,
): Promise<void> {
  leaving = true
  const ended = await end()
  leaving = ended !== false
  if (leaving) location.assign(typeof ended === 'string' ? ended : to)
}

/**
 * A socket may be refused for other reasons than an ended session; the server says which it is. Where an account has
 * ended for the person, every page learns so by the same answer.
 */
export async function leaveIfSignedOut(client: ApolloClient): Promise<void> {
  const { data } = await client.query({ query: ShellDocument, fetchPolicy: 'network-only' })
  if (data?.me === null) leaveForSignIn()
}
