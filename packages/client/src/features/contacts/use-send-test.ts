import { useMutation } from '@apollo/client/react'
import { useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import { type Channel, SendTestNotificationDocument } from '../../graphql/generated.ts'

/** A test message to one address, and what became of the last one. */
export interface SendTest {
  send: (channel: Channel) => void
  sending: boolean
  /** Of the newest test; undefined before the first. */
  deliveryId: string | undefined
  /** Why the newest was not even queued. */
  refusal: string | undefined
}

export function useSendTest(addressId: string): SendTest {
  const [sendTest, { loading }] = useMutation(SendTestNotificationDocument)
  const refusalOf = useRefusalOf()
  const [outcome, setOutcome] = useState<Pick<SendTest, 'deliveryId' | 'refusal'>>()

  async function send(channel: Channel): Promise<void> {
    setOutcome(undefined)
    const { data, error } = await sendTest({ variables: { input: { channel, addressId } } })
    setOutcome({
      deliveryId: data?.sendTestNotification.delivery.id,
      refusal: refusalOf(error)?.sentence,
    })
  }

  return {
    send: (channel) => void send(channel),
    sending: loading,
    deliveryId: outcome?.deliveryId,
    refusal: outcome?.refusal,
  }
}
