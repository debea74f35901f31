import { useApolloClient } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { type Channel, ContactsDocument } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'

interface Answer {
  error?: unknown
}

interface Proving {
  verify: (code: string) => Promise<Answer>
  sendCode: (channel: Channel) => Promise<Answer>
  onProven: () => void
}

/** Proves one address by a code; both functions resolve to why not, or to undefined when it is done. */
export function useProof({ verify, sendCode, onProven }: Proving) {
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const announce = useAnnounce()
  const [sending, setSending] = useState(false)

  async function onVerify(code: string): Promise<Refusal | undefined> {
    const refused = refusalOf((await verify(code)).error)
    if (!refused) {
      onProven()
      return undefined
    }
    // A try is gone, or the code is; a refusal does not bring what is left.
    if (refused.code.startsWith('VERIFICATION_CODE_')) {
      await client.refetchQueries({ include: [ContactsDocument] })
    }
    return refused
  }

  async function onSendCode(channel: Channel): Promise<Refusal | undefined> {
    setSending(true)
    const refused = refusalOf((await sendCode(channel)).error)
    setSending(false)
    if (!refused) announce(t`Code sent`)
    return refused
  }

  return { onVerify, onSendCode, sending }
}
