import { useApolloClient } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { useEffect, useEffectEvent, useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { SignInWithPasskeyDocument, StartPasskeySignInDocument } from '../../graphql/generated.ts'
import { offersPasskeys } from './passkey-support.ts'
import type { SignInAnswer } from './use-sign-in-steps.ts'

interface PasskeySignIn {
  rememberMe: boolean
  onAnswer: (answer: SignInAnswer) => Promise<void>
}

export type PasskeyRefusal = Pick<Refusal, 'code' | 'sentence'> | { code?: undefined; sentence: string }

/** Signs in with a passkey: asked for by a button, or chosen where the browser fills in the username. */
export function usePasskeySignIn({ rememberMe, onAnswer }: PasskeySignIn) {
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const [signingIn, setSigningIn] = useState(false)
  const [refusal, setRefusal] = useState<PasskeyRefusal>()

  async function send(response: Record<string, unknown>): Promise<PasskeyRefusal | undefined> {
    const { data, error } = await client.mutate({
      mutation: SignInWithPasskeyDocument,
      variables: { input: { response, rememberMe } },
      fetchPolicy: 'no-cache',
    })
    if (!data) return refusalOf(error ?? new Error('The answer was empty.'))
    await onAnswer(data.signInWithPasskey)
    return undefined
  }

  async function start() {
    const [{ data, error }, ceremony] = await Promise.all([
      client.mutate({ mutation: StartPasskeySignInDocument, fetchPolicy: 'no-cache' }),
      import('./passkey-ceremony.ts'),
    ])
    return { options: data?.startPasskeySignIn.options, error, ceremony }
  }

  async function ask(): Promise<PasskeyRefusal | undefined> {
    const { options, error, ceremony } = await start()
    if (!options) return refusalOf(error ?? new Error('The answer was empty.'))
    const outcome = await ceremony.provePasskey(options)
    if (outcome.status === 'done') return send(outcome.response)
    return {
      sentence:
        outcome.status === 'cancelled' ? t`No passkey was used.` : t`The browser could not use a passkey.`,
    }
  }

  /** Resolves to whether it was refused. */
  async function attempt(passkey: Promise<PasskeyRefusal | undefined>): Promise<boolean> {
    setSigningIn(true)
    setRefusal(undefined)
    const refused = await passkey
    // Whoever is in leaves the page, and is not offered a second time meanwhile.
    if (refused) setSigningIn(false)
    setRefusal(refused)
    return refused !== undefined
  }

  const takeOffered = useEffectEvent((response: Record<string, unknown>) => attempt(send(response)))
  const startOffer = useEffectEvent(start)

  useEffect(() => {
    // Asking outright ends an offer.
    if (signingIn) return undefined
    let ended = false
    let endOffer = () => {}
    const offer = async (): Promise<void> => {
      const { options, ceremony } = await startOffer()
      if (!options || ended) return
      endOffer = ceremony.endOffer
      const outcome = await ceremony.offerPasskeys(options)
      if (outcome.status !== 'done' || ended) return
      const isRefused = await takeOffered(outcome.response)
      // A challenge is good for one answer, so there has to be another.
      if (isRefused && !ended) await offer()
    }
    void offersPasskeys().then((isPossible) => (isPossible && !ended ? offer() : undefined))
    return () => {
      ended = true
      endOffer()
    }
  }, [signingIn])

  return { signIn: () => attempt(ask()), signingIn, refusal }
}
