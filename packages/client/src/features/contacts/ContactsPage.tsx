import { useQuery } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { useRefusal } from '../../app/error-messages.ts'
import { returnPath } from '../../app/paths.ts'
import { ContactsDocument, type ContactsQuery } from '../../graphql/generated.ts'
import { Callout } from '../../ui/Callout.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { DefaultChannels } from './DefaultChannels.tsx'
import { DevicesAndSlack } from './DevicesAndSlack.tsx'
import { EmailsSection } from './EmailsSection.tsx'
import { HealthLine } from './HealthLine.tsx'
import { type LinkedCode, linkedCodeOf } from './linked-code.ts'
import { PhonesSection } from './PhonesSection.tsx'
import { SenderCard } from './SenderCard.tsx'
import classes from './ContactsPage.module.css'

/** Every address of the person: what it is worth, and what can be done with it. One query for the whole page. */
export function ContactsPage() {
  const { t } = useLingui()
  const { data, error, refetch } = useQuery(ContactsDocument, {
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const refusal = useRefusal(error)
  const linked = useLinkedCode()

  const body = () => {
    if (data?.me) return <Addresses user={data.me} linked={linked} />
    if (!refusal) return <SkeletonRows rows={6} />
    return (
      <FailedSection
        title={t`Your contacts could not be loaded`}
        reason={refusal.sentence}
        requestId={refusal.requestId}
        onRetry={() => void refetch().catch(() => undefined)}
      />
    )
  }
  return (
    <>
      <PageHead
        title={t`Contacts`}
        scope="global"
        help={t`Addresses that are yours. Nothing is sent to one before you have proven it.`}
      />
      {body()}
    </>
  )
}

interface AddressesProps {
  user: NonNullable<ContactsQuery['me']>
  linked: LinkedCode | undefined
}

function Addresses({ user, linked }: AddressesProps) {
  const leadBack = useLeadBack()
  const isLinkedToOther = linked && !user.emails.some(({ id }) => id === linked.emailId)

  return (
    <>
      <div className={classes.health}>
        <HealthLine user={user} />
        {isLinkedToOther && (
          <Callout tone="warn">
            <Trans>
              The link you followed is about an email that is not in your list. It was removed, or somebody
              else added it.
            </Trans>
          </Callout>
        )}
      </div>
      <EmailsSection user={user} linked={linked} onProven={() => !leadBack('EMAIL')} />
      <PhonesSection user={user} onProven={() => !leadBack('PHONE')} />
      <DevicesAndSlack user={user} />
      <DefaultChannels user={user} />
      <SenderCard user={user} />
    </>
  )
}

/** The code of the link that led here. It is taken out of the address, so that no history keeps it. */
function useLinkedCode(): LinkedCode | undefined {
  const location = useLocation()
  const navigate = useNavigate()
  const [linked] = useState(() => linkedCodeOf(location))
  const { pathname, search, hash } = location

  useEffect(() => {
    if (!linkedCodeOf({ search, hash })) return
    const rest = new URLSearchParams(search)
    rest.delete('verify')
    void navigate({ pathname, search: rest.toString() }, { replace: true })
  }, [hash, navigate, pathname, search])

  return linked
}

/** Leads to the page of `?return=`, which says there what was proven. Returns whether there is one. */
function useLeadBack(): (proven: 'EMAIL' | 'PHONE') => boolean {
  const navigate = useNavigate()
  const [searchParams] = useSearchParams()
  const path = returnPath(searchParams.get('return'))
  return (proven) => {
    if (path) void navigate(path, { state: { proven } })
    return path !== undefined
  }
}
