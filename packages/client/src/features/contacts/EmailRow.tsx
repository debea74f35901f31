import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconMail, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import {
  type EmailsSection_UserFragment,
  ResendEmailCodeDocument,
  SetPrimaryEmailDocument,
  VerifyEmailDocument,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Callout } from '../../ui/Callout.tsx'
import { AddressMenu } from './AddressMenu.tsx'
import { AddressMeta } from './AddressMeta.tsx'
import { AddressRow } from './AddressRow.tsx'
import { addressState } from './address-state.ts'
import { BlockReason } from './BlockReason.tsx'
import { CodeEntry } from './CodeEntry.tsx'
import { TestProgress } from './TestProgress.tsx'
import { useProof } from './use-proof.ts'
import { useSendTest } from './use-send-test.ts'

export type Email = EmailsSection_UserFragment['emails'][number]

interface EmailRowProps {
  email: Email
  /** Whether it is the only one that is proven. */
  isLastProven: boolean
  /** Whether there is a proven one besides it. */
  hasProvenOther: boolean
  /** The code of a link in a mail about this address. */
  linkedCode: string | undefined
  /** Whether the field for the code takes the focus. */
  focused: boolean
  justProven: boolean
  onProven: () => void
  onRemove: () => void
}

/** One email: its state, a test, and what it takes to prove it. */
export function EmailRow(props: EmailRowProps) {
  const { email, isLastProven, hasProvenOther, linkedCode, focused, justProven, onProven, onRemove } = props
  const { id: emailId, address } = email
  const { t } = useLingui()
  const announce = useAnnounce()
  const refusalOf = useRefusalOf()
  const [verifyEmail] = useMutation(VerifyEmailDocument)
  const [resendEmailCode] = useMutation(ResendEmailCodeDocument)
  const [setPrimaryEmail] = useMutation(SetPrimaryEmailDocument)
  const [problem, setProblem] = useState<string>()
  const [asked, setAsked] = useState(false)
  const test = useSendTest(emailId)
  const proof = useProof({
    verify: (code) => verifyEmail({ variables: { input: { emailId, code } } }),
    sendCode: () => resendEmailCode({ variables: { input: { emailId } } }),
    onProven,
  })
  const state = addressState(email)
  const proving = state !== 'VERIFIED' && (email.proof !== null || linkedCode !== undefined)

  async function askForCode(): Promise<void> {
    setProblem(undefined)
    const refused = await proof.onSendCode('EMAIL')
    if (refused) setProblem(refused.sentence)
    else setAsked(true)
  }

  async function makePrimary(): Promise<void> {
    setProblem(undefined)
    const { error } = await setPrimaryEmail({ variables: { input: { emailId } } })
    if (error) setProblem(refusalOf(error)?.sentence)
    else announce(t`${address} is primary now`)
  }

  const action = () => {
    if (state === 'VERIFIED') {
      return (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconSend aria-hidden size={16} stroke={1.7} />}
          loading={test.sending}
          onClick={() => test.send('EMAIL')}
        >
          <Trans>Send test</Trans>
        </Button>
      )
    }
    if (proving) return undefined
    return (
      <Button variant="default" size="xs" loading={proof.sending} onClick={() => void askForCode()}>
        {state === 'UNVERIFIED' ? <Trans>Send code</Trans> : <Trans>Prove again</Trans>}
      </Button>
    )
  }

  return (
    <AddressRow
      icon={<IconMail size={18} stroke={1.7} />}
      name={address}
      address={email}
      meta={<AddressMeta address={email} />}
      action={action()}
      takesFocus={justProven}
      menu={
        <AddressMenu
          addressId={emailId}
          name={address}
          onMakePrimary={email.primary ? undefined : () => void makePrimary()}
          notPrimaryBecause={state === 'VERIFIED' ? undefined : t`Prove this address first.`}
          onRemove={onRemove}
          notRemovedBecause={
            isLastProven
              ? t`This is your last proven email, so it stays.`
              : email.primary && hasProvenOther
                ? t`Make another one primary first.`
                : undefined
          }
        />
      }
    >
      {email.blockedAt && (
        <BlockReason
          kind="email"
          blockedAt={email.blockedAt}
          reason={email.blockedReason}
          detail={email.blockedDetail}
        />
      )}
      {proving && (
        <CodeEntry
          label={t`Enter the six digits we sent to ${address}`}
          proof={email.proof}
          linkedCode={linkedCode}
          focused={focused || asked}
          others={[{ channel: 'EMAIL', label: t`Send a new code` }]}
          onVerify={proof.onVerify}
          onSendAnother={proof.onSendCode}
        />
      )}
      {state === 'VERIFIED' && linkedCode !== undefined && !justProven && (
        <Callout tone="neutral">
          <Trans>This address is proven already. The link has nothing more to do.</Trans>
        </Callout>
      )}
      {justProven && state === 'VERIFIED' && (
        <Callout tone="ok">
          <Trans>Email proven</Trans>
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
}
