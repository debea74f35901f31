import type { FragmentType } from '@apollo/client'
import { useQuery, useSuspenseFragment } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useCurrentAccount } from '../../app/current-account.tsx'
import { useRefusal } from '../../app/error-messages.ts'
import {
  EventMatrix_AccountUserFragmentDoc,
  type EventMatrix_AccountUserFragment,
  EventMatrix_UserFragmentDoc,
  type EventMatrix_UserFragment,
  NotificationSettingsDocument,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { EventMatrix } from './EventMatrix.tsx'
import { categoriesOf, columnsOf } from './event-matrix.ts'
import { SavedAt } from './SavedAt.tsx'
import { useEventPreferences } from './use-event-preferences.ts'

/** What tells the person, in the account of the address. */
export function NotificationSettingsPage() {
  const { t } = useLingui()
  const { accountUserId, account } = useCurrentAccount()
  const { data, error, refetch } = useQuery(NotificationSettingsDocument)
  const refusal = useRefusal(error)
  const me = data?.me
  const membership = me?.accountUsers.find(({ id }) => id === accountUserId)

  if (me && membership) {
    // The key: what is being saved in one account has nothing to do with the other.
    return <Matrix key={accountUserId} user={me} accountUser={membership} accountName={account.name} />
  }
  return (
    <>
      <PageHead title={t`Notifications`} scope={{ accountName: account.name }} />
      {refusal ? (
        <FailedSection
          title={t`Your choices could not be loaded`}
          reason={refusal.sentence}
          requestId={refusal.requestId}
          onRetry={() => void refetch().catch(() => undefined)}
        />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </>
  )
}

interface MatrixProps {
  user: FragmentType<EventMatrix_UserFragment>
  accountUser: FragmentType<EventMatrix_AccountUserFragment>
  accountName: string
}

function Matrix(props: MatrixProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const { data: accountUser } = useSuspenseFragment({
    fragment: EventMatrix_AccountUserFragmentDoc,
    from: props.accountUser,
  })
  const { data: user } = useSuspenseFragment({ fragment: EventMatrix_UserFragmentDoc, from: props.user })
  const { id, notificationPreferences } = accountUser
  const [savedAt, setSavedAt] = useState<Date>()
  const boxes = useEventPreferences(id, () => {
    setSavedAt(new Date())
    announce(t`Saved`)
  })

  return (
    <>
      <PageHead
        title={t`Notifications`}
        scope={{ accountName: props.accountName }}
        help={t`What tells you, and where. Each choice is saved as you make it.`}
        status={<SavedAt saving={boxes.isSaving} savedAt={savedAt} />}
      />
      <EventMatrix
        categories={categoriesOf(notificationPreferences)}
        columns={columnsOf(user.channels)}
        boxes={boxes}
      />
    </>
  )
}
