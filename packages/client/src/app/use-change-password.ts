import { useApolloClient } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { ChangePasswordDocument, type ChangePasswordInput } from '../graphql/generated.ts'
import { type Refusal, useRefusalOf } from './error-messages.ts'
import { leaveByEndingSession } from './leave-for-sign-in.ts'
import { paths } from './paths.ts'

/**
 * Changes the password, which ends every session, and leaves for the sign-in page. Resolves to why not. The passwords
 * are kept neither in the cache nor in what `useMutation` would hold.
 */
export function useChangePassword(): (input: ChangePasswordInput) => Promise<Refusal | undefined> {
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()

  return async (input) => {
    let refused: Refusal | undefined
    await leaveByEndingSession(async () => {
      const { error } = await client.mutate({
        mutation: ChangePasswordDocument,
        variables: { input },
        fetchPolicy: 'no-cache',
      })
      refused = refusalOf(error)
      return refused === undefined
    }, paths.signInAfter('password'))
    if (refused?.code !== 'CREDENTIALS_WRONG') return refused
    // Nobody typed a name here.
    const sentence = t`That is not your password.`
    return { ...refused, sentence, fields: { currentPassword: sentence } }
  }
}
