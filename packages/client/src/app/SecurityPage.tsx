import { useQuery } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { useSearchParams } from 'react-router'
import { RecentSecurityActivity } from '../features/activity/RecentSecurityActivity.tsx'
import { LockSection } from '../features/security/LockSection.tsx'
import { PasskeysSection } from '../features/security/PasskeysSection.tsx'
import { PasswordSection } from '../features/security/PasswordSection.tsx'
import { RecoveryCard } from '../features/security/RecoveryCard.tsx'
import { RemovedEmailsSection } from '../features/security/RemovedEmailsSection.tsx'
import { SessionsSection } from '../features/security/SessionsSection.tsx'
import { TwoFactorSection } from '../features/security/TwoFactorSection.tsx'
import { SecurityDocument } from '../graphql/generated.ts'
import { Callout } from '../ui/Callout.tsx'
import { FailedSection } from '../ui/FailedSection.tsx'
import { PageHead } from '../ui/PageHead.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { errorMessages, isErrorCode, useRefusal } from './error-messages.ts'
import { WayBackToAccount } from './WayBackToAccount.tsx'
import classes from './SecurityPage.module.css'

/** How one signs in, where one is signed in, and what to do when somebody else did. One query for the whole page. */
export function SecurityPage() {
  const { t } = useLingui()
  const { data, error, refetch } = useQuery(SecurityDocument, {
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const refusal = useRefusal(error)

  const body = () => {
    if (data?.me) {
      return (
        <>
          <RecoveryCard user={data.me} />
          <PasswordSection user={data.me} />
          <TwoFactorSection user={data.me} />
          <PasskeysSection user={data.me} />
          <SessionsSection user={data.me} />
          <RecentSecurityActivity user={data.me} />
          <RemovedEmailsSection user={data.me} />
          <LockSection user={data.me} />
        </>
      )
    }
    if (!refusal) return <SkeletonRows rows={6} />
    return (
      <FailedSection
        title={t`Your security settings could not be loaded`}
        reason={refusal.sentence}
        requestId={refusal.requestId}
        onRetry={() => void refetch().catch(() => undefined)}
      />
    )
  }
  return (
    <>
      <PageHead
        title={t`Security`}
        scope="global"
        help={t`How you sign in, and where you are signed in. Changes here ask you to confirm who you are.`}
      />
      <WayBackToAccount />
      <FailedProof />
      {body()}
    </>
  )
}

/** Why proof through an organisation, for which the page was left, did not come about. */
function FailedProof() {
  const { t, i18n } = useLingui()
  const [searchParams] = useSearchParams()
  const code = searchParams.get('sso')
  if (!isErrorCode(code)) return null
  // An address carries no seconds to wait.
  const isLimited = code === 'RATE_LIMITED'
  return (
    <div role="alert" className={classes.notice}>
      <Callout tone="danger">
        {isLimited
          ? t`There were too many tries. Wait a few minutes, then try again.`
          : i18n._(errorMessages[code])}
      </Callout>
    </div>
  )
}
