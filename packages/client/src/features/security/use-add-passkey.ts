import { useApolloClient } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import { AddPasskeyDocument, StartPasskeyRegistrationDocument } from '../../graphql/generated.ts'
import type { CeremonyOutcome } from './passkey-ceremony.ts'

/** Lets the browser make a passkey and hands it to the server. A person who closes the window has made no mistake. */
export function useAddPasskey() {
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const [adding, setAdding] = useState(false)
  const [problem, setProblem] = useState<string>()

  /** Resolves to what the server named it, or to undefined when there is none. */
  async function add(): Promise<{ id: string; name: string } | undefined> {
    setAdding(true)
    setProblem(undefined)
    try {
      return await register()
    } finally {
      setAdding(false)
    }
  }

  async function register(): Promise<{ id: string; name: string } | undefined> {
    const [started, ceremony] = await Promise.all([
      client.mutate({ mutation: StartPasskeyRegistrationDocument, fetchPolicy: 'no-cache' }),
      import('./passkey-ceremony.ts'),
    ])
    if (!started.data) {
      setProblem(refusalOf(started.error)?.sentence)
      return undefined
    }
    const outcome = await ceremony.createPasskey(started.data.startPasskeyRegistration.options)
    if (outcome.status !== 'done') {
      setProblem(problemOf(outcome.status))
      return undefined
    }
    const { data, error } = await client.mutate({
      mutation: AddPasskeyDocument,
      variables: { input: { response: outcome.response } },
    })
    setProblem(refusalOf(error)?.sentence)
    return data?.addPasskey.passkey
  }

  function problemOf(status: Exclude<CeremonyOutcome['status'], 'done'>): string | undefined {
    if (status === 'cancelled') return undefined
    return status === 'known'
      ? t`This device or key has a passkey of yours already.`
      : t`The browser could not make a passkey.`
  }

  return { add, adding, problem }
}
