import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { IconPhone, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import {
  type Channel,
  type PhonesSection_UserFragment,
  ResendPhoneCodeDocument,
  SetPrimaryPhoneDocument,
  VerifyPhoneDocument,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Callout } from '../../ui/Callout.tsx'
import { formatPhone } from '../../ui/format-phone.ts'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { AddressMenu } from './AddressMenu.tsx'
import { AddressMeta } from './AddressMeta.tsx'
import { AddressRow } from './AddressRow.tsx'
import { addressState } from './address-state.ts'
import { BlockReason } from './BlockReason.tsx'
import { ChannelButton } from './ChannelButton.tsx'
import { type AnotherCode, CodeEntry } from './CodeEntry.tsx'
import {
  type PhoneChannel,
  phoneChannelNames,
  phoneChannelWishes,
  phoneChannelWords,
} from './phone-channels.ts'
import { TestProgress } from './TestProgress.tsx'
import { useProof } from './use-proof.ts'
import { useSendTest } from './use-send-test.ts'

export type Phone = PhonesSection_UserFragment['phones'][number]

interface PhoneRowProps {
  phone: Phone
  /** Those that this server can carry. */
  channels: readonly PhoneChannel[]
  /** Whether there is a proven one besides it. */
  hasProvenOther: boolean
  /** Whether the field for the code takes the focus. */
  focused: boolean
  justProven: boolean
  onProven: () => void
  onRemove: () => void
}

/** One phone: its state, a test over each channel, and what it takes to prove it. */
export function PhoneRow(props: PhoneRowProps) {
  const { phone, channels, hasProvenOther, focused, justProven, onProven, onRemove } = props
  const { id: phoneId } = phone
  const name = formatPhone(phone.number, phone.country)
  const { t, i18n } = useLingui()
  const { locale } = useTimeFormat()
  const announce = useAnnounce()
  const refusalOf = useRefusalOf()
  const [verifyPhone] = useMutation(VerifyPhoneDocument)
  const [resendPhoneCode] = useMutation(ResendPhoneCodeDocument)
  const [setPrimaryPhone] = useMutation(SetPrimaryPhoneDocument)
  const [problem, setProblem] = useState<string>()
  const [asked, setAsked] = useState(false)
  const test = useSendTest(phoneId)
  const proof = useProof({
    verify: (code) => verifyPhone({ variables: { input: { phoneId, code } } }),
    sendCode: (channel) => resendPhoneCode({ variables: { input: { phoneId, channel } } }),
    onProven,
  })
  const state = addressState(phone)
  const usable = channels.filter((channel) => !phone.blockedChannels.includes(channel))
  const choicesOf = (some: readonly PhoneChannel[]) =>
    some.map((channel) => ({ channel, label: i18n._(phoneChannelNames[channel]) }))

  async function askForCode(channel: Channel): Promise<void> {
    setProblem(undefined)
    const refused = await proof.onSendCode(channel)
    if (refused) setProblem(refused.sentence)
    else setAsked(true)
  }

  async function makePrimary(): Promise<void> {
    setProblem(undefined)
    const { error } = await setPrimaryPhone({ variables: { input: { phoneId } } })
    if (error) setProblem(refusalOf(error)?.sentence)
    else announce(t`${name} is primary now`)
  }

  const proving = state !== 'VERIFIED' && phone.proof
  const action = () => {
    if (state === 'VERIFIED') {
      return (
        <ChannelButton
          label={t`Send test`}
          labelOfMenu={t`Send test…`}
          icon={<IconSend aria-hidden size={16} stroke={1.7} />}
          choices={choicesOf(usable)}
          busy={test.sending}
          onChoose={test.send}
        />
      )
    }
    if (proving) return undefined
    // After STOP a carrier takes no texts to the number, and a code would not come.
    const ways = state === 'OPTED_OUT' && usable.length > 0 ? usable : channels
    return (
      <ChannelButton
        label={state === 'UNVERIFIED' ? t`Send code` : t`Prove again`}
        labelOfMenu={state === 'UNVERIFIED' ? t`Send code…` : t`Prove again…`}
        choices={choicesOf(ways)}
        busy={proof.sending}
        onChoose={(channel) => void askForCode(channel)}
      />
    )
  }

  return (
    <AddressRow
      icon={<IconPhone size={18} stroke={1.7} />}
      name={name}
      address={phone}
      meta={
        <AddressMeta address={phone}>
          {state !== 'UNVERIFIED' &&
            usable.length > 0 &&
            new Intl.ListFormat(locale).format(usable.map((channel) => i18n._(phoneChannelWords[channel])))}
        </AddressMeta>
      }
      action={action()}
      takesFocus={justProven}
      menu={
        <AddressMenu
          addressId={phoneId}
          name={name}
          onMakePrimary={phone.primary ? undefined : () => void makePrimary()}
          notPrimaryBecause={state === 'VERIFIED' ? undefined : t`Prove this address first.`}
          onRemove={onRemove}
          notRemovedBecause={
            phone.primary && hasProvenOther ? t`Make another one primary first.` : undefined
          }
        />
      }
    >
      {phone.blockedAt && (
        <BlockReason
          kind="phone"
          blockedAt={phone.blockedAt}
          reason={phone.blockedReason}
          detail={phone.blockedDetail}
        />
      )}
      {proving && (
        <CodeEntry
          label={codeLabel(proving.channel)}
          proof={proving}
          focused={focused || asked}
          others={channels.map((channel): AnotherCode => ({
            channel,
            label: channel === proving.channel ? t`Send a new code` : i18n._(phoneChannelWishes[channel]),
          }))}
          onVerify={proof.onVerify}
          onSendAnother={proof.onSendCode}
        />
      )}
      {justProven && state === 'VERIFIED' && (
        <Callout tone="ok">
          <Trans>Phone verified successfully</Trans>
        </Callout>
      )}
      {problem && (
        <Callout tone="danger">
          <span role="alert">{problem}</span>
        </Callout>
      )}
      {test.refusal && (
        <Callout tone="danger">
          <span role="alert">{test.refusal}</span>
        </Callout>
      )}
      {test.deliveryId && <TestProgress key={test.deliveryId} deliveryId={test.deliveryId} />}
    </AddressRow>
  )

  function codeLabel(channel: Channel): string {
    if (channel === 'VOICE') return t`Enter the six digits we told you by calling ${name}`
    if (channel === 'WHATSAPP') return t`Enter the six digits we sent by WhatsApp to ${name}`
    return t`Enter the six digits we sent by text to ${name}`
  }
}
