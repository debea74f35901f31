import { useApolloClient } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { proofThroughSso } from '../../app/paths.ts'
import {
  ConfirmStepUpDocument,
  type ConfirmStepUpInput,
  StartPasskeyProofDocument,
  type StepUpMethod,
} from '../../graphql/generated.ts'

interface StepUpRefusal {
  sentence: string
  requestId?: string | undefined
  /** What to say beside the field. */
  fieldProblem?: string | undefined
}

/** Sends the proof. No password and no code stays behind in the cache or in what `useMutation` would hold. */
export function useConfirmStepUp() {
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const [confirming, setConfirming] = useState(false)
  const [refusal, setRefusal] = useState<StepUpRefusal>()

  /** Resolves to whether it is proven. Single sign-on leaves the page instead. */
  async function confirm(method: StepUpMethod, typed: string, ssoUrl?: string): Promise<boolean> {
    setConfirming(true)
    setRefusal(undefined)
    const refused = await attempt(method, typed, ssoUrl)
    setConfirming(false)
    if (refused && refused !== 'LEFT') setRefusal(refused)
    return refused === undefined
  }

  async function attempt(
    method: StepUpMethod,
    typed: string,
    ssoUrl: string | undefined,
  ): Promise<StepUpRefusal | 'LEFT' | undefined> {
    if (method === 'PASSKEY') return provePasskey()
    if (method === 'PASSWORD')
      return inWords(await send({ password: typed }), t`That is not your password.`)
    if (method !== 'SSO') return inWords(await send({ code: typed }))
    location.assign(proofThroughSso(ssoUrl ?? '', location.pathname + location.search))
    return 'LEFT'
  }

  async function provePasskey(): Promise<StepUpRefusal | undefined> {
    const [started, ceremony] = await Promise.all([
      client.mutate({ mutation: StartPasskeyProofDocument, fetchPolicy: 'no-cache' }),
      import('./passkey-ceremony.ts'),
    ])
    if (!started.data) return refusalOf(started.error)
    const outcome = await ceremony.provePasskey(started.data.startPasskeyProof.options)
    if (outcome.status === 'done') return inWords(await send({ passkey: outcome.response }))
    return outcome.status === 'cancelled'
      ? { sentence: t`No passkey was used.` }
      : { sentence: t`The browser could not use a passkey.` }
  }

  async function send(input: ConfirmStepUpInput): Promise<Refusal | undefined> {
    const { error } = await client.mutate({
      mutation: ConfirmStepUpDocument,
      variables: { input },
      fetchPolicy: 'no-cache',
    })
    return refusalOf(error)
  }

  /** @param wrong instead of the sentence for a wrong name and password, as nobody typed a name */
  function inWords(refused: Refusal | undefined, wrong?: string): StepUpRefusal | undefined {
    if (!refused) return undefined
    const { code, requestId, fields } = refused
    const sentence = code === 'CREDENTIALS_WRONG' && wrong ? wrong : refused.sentence
    return { sentence, requestId, fieldProblem: Object.values(fields)[0] ?? sentence }
  }

  return { confirm, confirming, refusal, forget: () => setRefusal(undefined) }
}
