import { useQuery } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { ContactsDocument } from '../../graphql/generated.ts'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { DefaultChannels } from './DefaultChannels.tsx'
import { DevicesAndSlack } from './DevicesAndSlack.tsx'
import { SenderCard } from './SenderCard.tsx'

/** Every address of the person: what it is worth, and what can be done with it. One query for the whole page. */
export function ContactsPage() {
  const { t } = useLingui()
  return (
    <>
      <PageHead
        title={t`Contacts`}
        scope="global"
        help={t`Addresses that are yours. Nothing is sent to one before you have proven it.`}
      />
      <Addresses />
    </>
  )
}

function Addresses() {
  const { t } = useLingui()
  const { data, error, refetch } = useQuery(ContactsDocument, {
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const refusal = useRefusal(error)

  if (data?.me) {
    return (
      <>
        <DevicesAndSlack user={data.me} />
        <DefaultChannels user={data.me} />
        <SenderCard user={data.me} />
      </>
    )
  }
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
