import type { FragmentType } from '@apollo/client'
import { useMutation, useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconPhone, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import {
  type PhonesSection_UserFragment,
  PhonesSection_UserFragmentDoc,
  RemovePhoneDocument,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Card, CardList } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { formatPhone } from '../../ui/format-phone.ts'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { AddPhoneDialog } from './AddPhoneDialog.tsx'
import { addressState } from './address-state.ts'
import { configuredPhoneChannels, isPhoneChannel } from './phone-channels.ts'
import { type Phone, PhoneRow } from './PhoneRow.tsx'
import { RemoveAddressDialog } from './RemoveAddressDialog.tsx'

interface PhonesSectionProps {
  user: FragmentType<PhonesSection_UserFragment>
  /** Resolves to whether the page stays. */
  onProven: () => boolean
}

/** The phones of the person: added, proven, tested and removed here. */
export function PhonesSection({ user: reference, onProven }: PhonesSectionProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const { data: user } = useSuspenseFragment({ fragment: PhonesSection_UserFragmentDoc, from: reference })
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Phone>()
  const [addedId, setAddedId] = useState<string>()
  const [provenId, setProvenId] = useState<string>()
  const [removePhone, { loading, error, reset }] = useMutation(RemovePhoneDocument)
  const title = t`Phones`
  const channels = configuredPhoneChannels(user.channels)
  const proven = user.phones.filter(({ verifiedAt }) => verifiedAt !== null)

  async function remove(phone: Phone): Promise<void> {
    const { error } = await removePhone({ variables: { input: { phoneId: phone.id } } })
    if (error) return
    const name = nameOf(phone)
    announce(t`${name} removed`)
    setRemoving(undefined)
  }

  const others = user.phones.filter(({ id }) => id !== removing?.id)
  const instead = others.find(({ primary }) => primary)
  return (
    <SettingsSection
      title={title}
      anchor="phones"
      help={
        channels.length === 0 &&
        t`This server sends no texts and makes no calls, so no phone can be proven here.`
      }
      action={
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus aria-hidden size={16} stroke={1.7} />}
          disabled={channels.length === 0}
          onClick={() => setAdding(true)}
        >
          <Trans>Add phone</Trans>
        </Button>
      }
    >
      {user.phones.length === 0 ? (
        <Card>
          <EmptyState
            icon={<IconPhone size={22} stroke={1.7} />}
            title={t`No phone yet`}
            help={t`Texts and calls wake you where mail does not.`}
          />
        </Card>
      ) : (
        <CardList label={title}>
          {user.phones.map((phone) => (
            <PhoneRow
              key={phone.id}
              phone={phone}
              channels={channels}
              hasProvenOther={proven.some(({ id }) => id !== phone.id)}
              focused={phone.id === addedId}
              justProven={phone.id === provenId}
              onProven={() => {
                announce(t`Phone verified successfully`)
                if (onProven()) setProvenId(phone.id)
              }}
              onRemove={() => {
                reset()
                setRemoving(phone)
              }}
            />
          ))}
        </CardList>
      )}
      {adding && (
        <AddPhoneDialog
          channels={channels}
          usualCountry={user.phones[0]?.country}
          onAdded={(id) => {
            setAdding(false)
            setAddedId(id)
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {removing && (
        <RemoveAddressDialog
          kind="phone"
          name={nameOf(removing)}
          namedInRules={removing.namedInRules}
          instead={instead && nameOf(instead)}
          lostChannels={
            addressState(removing) === 'VERIFIED' &&
            !others.some((other) => addressState(other) === 'VERIFIED')
              ? user.notificationChannels.filter(isPhoneChannel)
              : []
          }
          busy={loading}
          error={error}
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </SettingsSection>
  )
}

function nameOf({ number, country }: Phone): string {
  return formatPhone(number, country)
}
