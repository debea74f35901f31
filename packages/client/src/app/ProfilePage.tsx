import { useQuery } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { ContactPanel } from '../features/contacts/ContactPanel.tsx'
import { PreferencesSection } from '../features/users/PreferencesSection.tsx'
import { ProfileHeader } from '../features/users/ProfileHeader.tsx'
import { ProfileDocument } from '../graphql/generated.ts'
import { FailedSection } from '../ui/FailedSection.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useRefusal } from './error-messages.ts'

/** Who one is, how one is reached, and how Lanyard looks and speaks: one query for the whole page. */
export function ProfilePage() {
  const { t } = useLingui()
  const { data, error, refetch } = useQuery(ProfileDocument)
  const refusal = useRefusal(error)
  usePageTitle(t`Profile`)

  if (data?.me) {
    return (
      <>
        <ProfileHeader user={data.me} />
        <ContactPanel user={data.me} />
        <PreferencesSection user={data.me} />
      </>
    )
  }
  if (!refusal) return <SkeletonRows rows={6} />
  return (
    <FailedSection
      title={t`Your profile could not be loaded`}
      reason={refusal.sentence}
      requestId={refusal.requestId}
      onRetry={() => void refetch().catch(() => undefined)}
    />
  )
}
