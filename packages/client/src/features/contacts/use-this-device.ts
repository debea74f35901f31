import { useApolloClient, useMutation } from '@apollo/client/react'
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import { PushPublicKeyDocument, RegisterPushDeviceDocument } from '../../graphql/generated.ts'
import {
  PushFailure,
  type PushHindrance,
  askForPermission,
  findThisDevice,
  pushHindrance,
  subscribe,
  unsubscribe,
} from './push-subscription.ts'
import { writeThisDevice } from './this-device.ts'

/** What is in the way, and the way out. */
const hindranceWords: Record<PushHindrance, MessageDescriptor> = {
  INSECURE: msg`Pushes need a page that came over https.`,
  UNSUPPORTED: msg`This browser takes no pushes. Use another browser or another device.`,
  DENIED: msg`This browser does not allow notifications from Lanyard. Allow them in its settings for this site, then try again.`,
  UNANSWERED: msg`The browser’s question was not answered, so nothing was registered.`,
  NO_WORKER: msg`The browser did not start what takes pushes. A private window may not; use an ordinary one.`,
  NO_PUSH_SERVICE: msg`The push service of this browser did not answer. Try again later.`,
}

export interface ThisDevice {
  /** Of the person's devices the one that this browser is, if it is one. */
  id: string | undefined
  /** Why it can never be one. */
  impossibleBecause: string | undefined
  register: () => Promise<boolean>
  registering: boolean
  /** Why the last try came to nothing. */
  problem: string | undefined
  /** After the server has removed it. */
  forget: () => void
}

/** This browser as a device that takes pushes. */
export function useThisDevice(): ThisDevice {
  const { i18n } = useLingui()
  const client = useApolloClient()
  const [registerPushDevice] = useMutation(RegisterPushDeviceDocument)
  const refusalOf = useRefusalOf()
  const [id, setId] = useState<string>()
  const [registering, setRegistering] = useState(false)
  const [problem, setProblem] = useState<string>()
  const hindrance = pushHindrance()

  useEffect(() => {
    let gone = false
    const show = (found: string | undefined) => {
      if (!gone) setId(found)
    }
    // Storage may be forbidden; then this browser is none of the devices.
    findThisDevice().then(show, () => show(undefined))
    return () => {
      gone = true
    }
  }, [])

  /** Resolves to why it was not registered. */
  async function tryToRegister(): Promise<string | undefined> {
    await askForPermission()
    const key = await client.query({ query: PushPublicKeyDocument, fetchPolicy: 'network-only' })
    if (!key.data) return refusalOf(key.error)?.sentence
    const input = await subscribe(key.data.pushPublicKey)
    const { data, error } = await registerPushDevice({ variables: { input } })
    if (!data) return refusalOf(error)?.sentence
    const registered = data.registerPushDevice.pushDevice.id
    await writeThisDevice(registered)
    setId(registered)
    return undefined
  }

  async function register(): Promise<boolean> {
    setRegistering(true)
    setProblem(undefined)
    const refusal = await tryToRegister().catch((error: unknown) => {
      const reason = error instanceof PushFailure ? error.hindrance : 'NO_WORKER'
      return i18n._(hindranceWords[reason])
    })
    setProblem(refusal)
    setRegistering(false)
    return refusal === undefined
  }

  return {
    id,
    impossibleBecause:
      hindrance === 'INSECURE' || hindrance === 'UNSUPPORTED'
        ? i18n._(hindranceWords[hindrance])
        : undefined,
    register,
    registering,
    problem,
    forget: () => {
      setId(undefined)
      void unsubscribe().catch(() => undefined)
    },
  }
}
