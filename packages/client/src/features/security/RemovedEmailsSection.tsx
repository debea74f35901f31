import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import { paths } from '../../app/paths.ts'
import {
  type RemovedEmailsSection_UserFragment,
  RemovedEmailsSection_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { CardList } from '../../ui/Card.tsx'
import { DayTime } from '../../ui/DayTime.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { ForgetEmailDialog } from './ForgetEmailDialog.tsx'
import { SecurityRow } from './SecurityRow.tsx'
import classes from './RemovedEmailsSection.module.css'

type RemovedEmail = RemovedEmailsSection_UserFragment['removedEmails'][number]

/** Emails that were removed lately and still take the user back. Nothing is drawn where there are none. */
export function RemovedEmailsSection(props: { user: FragmentType<RemovedEmailsSection_UserFragment> }) {
  const { t } = useLingui()
  const accountLink = useAccountLink()
  const { data: user } = useSuspenseFragment({
    fragment: RemovedEmailsSection_UserFragmentDoc,
    from: props.user,
  })
  const [asked, setAsked] = useState<RemovedEmail>()
  const title = t`Removed emails`
  if (user.removedEmails.length === 0) return null

  return (
    <SettingsSection
      title={title}
      anchor="removed-emails"
      help={
        <Trans>
          For some days they can still be used to take your user back, in case somebody else removed them.
          If you did not,{' '}
          <Link className={classes.link} to={accountLink(paths.contacts)}>
            add and prove them again
          </Link>
          .
        </Trans>
      }
    >
      <CardList label={title}>
        {user.removedEmails.map((email) => {
          const { id, address, forgettable } = email
          return (
            <SecurityRow
              key={id}
              icon={<IconMailOff size={18} stroke={1.7} />}
              name={address}
              meta={<About email={email} />}
              end={
                <Button
                  variant="default"
                  size="xs"
                  disabled={!forgettable}
                  aria-label={t`Forget it now: ${address}`}
                  onClick={() => setAsked(email)}
                >
                  <Trans>Forget it now…</Trans>
                </Button>
              }
            />
          )
        })}
      </CardList>
      {asked && <ForgetEmailDialog email={asked} onClose={() => setAsked(undefined)} />}
    </SettingsSection>
  )
}

function About({ email: { removedAt, usableUntil, forgettable } }: { email: RemovedEmail }) {
  return (
    <>
      <Trans>
        Removed <DayTime at={removedAt} />, usable until <DayTime at={usableUntil} />
      </Trans>
      {!forgettable && (
        <>
          {' · '}
          <Trans>It stays until then, as your other emails were proven in the last 30 days.</Trans>
        </>
      )}
    </>
  )
}
