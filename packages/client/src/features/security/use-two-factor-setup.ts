import { useApolloClient } from '@apollo/client/react'
import { useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { ConfirmTwoFactorSetupDocument, StartTwoFactorSetupDocument } from '../../graphql/generated.ts'
import { OneTimeSecret } from '../../ui/one-time-secret.ts'

/** What is shown once while two-factor authentication is set up. */
export interface Setup {
  /** Base32. */
  key: OneTimeSecret
  otpauthUrl: OneTimeSecret
  /** One a line. */
  recoveryCodes: OneTimeSecret
}

/**
 * The set-up from its beginning to the first code. Its secrets are kept nowhere but in `setup`: not in the cache, and
 * not in the state that `useMutation` would hold.
 */
export function useTwoFactorSetup() {
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const [setup, setSetup] = useState<Setup>()
  const [starting, setStarting] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()

  async function start(): Promise<void> {
    setStarting(true)
    setRefusal(undefined)
    const { data, error } = await client.mutate({
      mutation: StartTwoFactorSetupDocument,
      fetchPolicy: 'no-cache',
    })
    setStarting(false)
    setRefusal(refusalOf(error))
    if (!data) return
    const { secret, otpauthUrl, recoveryCodes } = data.startTwoFactorSetup
    setSetup({
      key: new OneTimeSecret(secret),
      otpauthUrl: new OneTimeSecret(otpauthUrl),
      recoveryCodes: new OneTimeSecret(recoveryCodes.join('\n')),
    })
  }

  /** Resolves to why it is not on, or to undefined once it is. */
  async function confirm(code: string): Promise<Refusal | undefined> {
    const { error } = await client.mutate({
      mutation: ConfirmTwoFactorSetupDocument,
      variables: { input: { code } },
    })
    const refused = refusalOf(error)
    if (!refused) end()
    return refused
  }

  function end(): void {
    setup?.key.forget()
    setup?.otpauthUrl.forget()
    setup?.recoveryCodes.forget()
    setSetup(undefined)
  }

  return { setup, starting, refusal, start, confirm, end }
}
