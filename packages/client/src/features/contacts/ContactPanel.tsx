import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconMail, IconPhone } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import { paths } from '../../app/paths.ts'
import { type ContactPanel_UserFragment, ContactPanel_UserFragmentDoc } from '../../graphql/generated.ts'
import { Card, CardList, CardRow } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { formatPhone } from '../../ui/format-phone.ts'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { type Provable, addressState } from './address-state.ts'
import { AddressStateText } from './AddressStateText.tsx'

/** The person's addresses; selecting one writes to it or calls it. */
export function ContactPanel(props: { user: FragmentType<ContactPanel_UserFragment> }) {
  const { t } = useLingui()
  const { data: user } = useSuspenseFragment({ fragment: ContactPanel_UserFragmentDoc, from: props.user })
  const accountLink = useAccountLink()
  const title = t`Contact information`

  return (
    <SettingsSection
      title={title}
      scope="global"
      help={t`Where you can be reached. Select a number to call it.`}
      action={
        <Button component={Link} to={accountLink(paths.contacts)} variant="default" size="xs">
          <Trans>Manage contacts</Trans>
        </Button>
      }
    >
      {user.emails.length + user.phones.length === 0 ? (
        <Card>
          <EmptyState
            icon={<IconMail size={24} stroke={1.7} />}
            title={t`You have no email and no phone here.`}
          />
        </Card>
      ) : (
        <CardList label={title}>
          {user.emails.map(({ id, address, primary, ...email }) => (
            <CardRow key={id} icon={<IconMail size={18} stroke={1.7} />} end={<State address={email} />}>
              <a href={`mailto:${address}`}>{address}</a>
              {primary && <Primary />}
            </CardRow>
          ))}
          {user.phones.map(({ id, number, country, primary, ...phone }) => (
            <CardRow key={id} icon={<IconPhone size={18} stroke={1.7} />} end={<State address={phone} />}>
              <a href={`tel:${number}`}>{formatPhone(number, country)}</a>
              {primary && <Primary />}
            </CardRow>
          ))}
        </CardList>
      )}
    </SettingsSection>
  )
}

function Primary() {
  return (
    <Pill>
      <Trans>Primary</Trans>
    </Pill>
  )
}

/** With the way out, where it needs one. */
function State({ address }: { address: Provable }) {
  const accountLink = useAccountLink()
  const state = addressState(address)
  return (
    <>
      <AddressStateText address={address} />
      {state !== 'VERIFIED' && (
        <Link to={accountLink(paths.contacts)}>
          {state === 'UNVERIFIED' ? <Trans>Enter code</Trans> : <Trans>Prove again</Trans>}
        </Link>
      )}
    </>
  )
}
