import type { FragmentType } from '@apollo/client'
import { useMutation, useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconMail, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import {
  type EmailsSection_UserFragment,
  EmailsSection_UserFragmentDoc,
  RemoveEmailDocument,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Card, CardList } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { AddEmailDialog } from './AddEmailDialog.tsx'
import { addressState } from './address-state.ts'
import { type Email, EmailRow } from './EmailRow.tsx'
import type { LinkedCode } from './linked-code.ts'
import { RemoveAddressDialog } from './RemoveAddressDialog.tsx'

interface EmailsSectionProps {
  user: FragmentType<EmailsSection_UserFragment>
  /** From the link of a mail. */
  linked: LinkedCode | undefined
  /** Resolves to whether the page stays. */
  onProven: () => boolean
}

/** The emails of the person: added, proven, tested and removed here. */
export function EmailsSection({ user: reference, linked, onProven }: EmailsSectionProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const { data: user } = useSuspenseFragment({ fragment: EmailsSection_UserFragmentDoc, from: reference })
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Email>()
  const [addedId, setAddedId] = useState<string>()
  const [provenId, setProvenId] = useState<string>()
  const [removeEmail, { loading, error, reset }] = useMutation(RemoveEmailDocument)
  const title = t`Emails`
  const configured = user.channels.some(({ channel, configured }) => channel === 'EMAIL' && configured)
  const proven = user.emails.filter(({ verifiedAt }) => verifiedAt !== null)

  async function remove({ id, address }: Email): Promise<void> {
    const { error } = await removeEmail({ variables: { input: { emailId: id } } })
    if (error) return
    announce(t`${address} removed`)
    setRemoving(undefined)
  }

  const others = user.emails.filter(({ id }) => id !== removing?.id)
  return (
    <SettingsSection
      title={title}
      anchor="emails"
      help={!configured && t`This server sends no mail, so no address can be proven here.`}
      action={
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus aria-hidden size={16} stroke={1.7} />}
          disabled={!configured}
          onClick={() => setAdding(true)}
        >
          <Trans>Add email</Trans>
        </Button>
      }
    >
      {user.emails.length === 0 ? (
        <Card>
          <EmptyState icon={<IconMail size={22} stroke={1.7} />} title={t`No email yet`} />
        </Card>
      ) : (
        <CardList label={title}>
          {user.emails.map((email) => (
            <EmailRow
              key={email.id}
              email={email}
              isLastProven={proven.length === 1 && proven[0] === email}
              hasProvenOther={proven.some(({ id }) => id !== email.id)}
              linkedCode={linked?.emailId === email.id ? linked.code : undefined}
              focused={email.id === addedId || email.id === linked?.emailId}
              justProven={email.id === provenId}
              onProven={() => {
                announce(t`Email proven`)
                if (onProven()) setProvenId(email.id)
              }}
              onRemove={() => {
                reset()
                setRemoving(email)
              }}
            />
          ))}
        </CardList>
      )}
      {adding && (
        <AddEmailDialog
          onAdded={(id) => {
            setAdding(false)
            setAddedId(id)
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {removing && (
        <RemoveAddressDialog
          kind="email"
          name={removing.address}
          namedInRules={removing.namedInRules}
          instead={others.find(({ primary }) => primary)?.address}
          lostChannels={
            addressState(removing) === 'VERIFIED' &&
            !others.some((other) => addressState(other) === 'VERIFIED')
              ? user.notificationChannels.filter((channel) => channel === 'EMAIL')
              : []
          }
          isWayBack={removing.verifiedAt !== null}
          busy={loading}
          error={error}
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </SettingsSection>
  )
}
