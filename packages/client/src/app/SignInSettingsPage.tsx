import { useApolloClient, useQuery } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { IconLock } from '@tabler/icons-react'
import { RequireTwoFactorSection } from '../features/security/sso/RequireTwoFactorSection.tsx'
import { SignInNameSection } from '../features/security/sso/SignInNameSection.tsx'
import { SsoSection } from '../features/security/sso/SsoSection.tsx'
import { AccountTokens } from '../features/tokens/AccountTokens.tsx'
import { SignInSettingsDocument } from '../graphql/generated.ts'
import { Card } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { FailedSection } from '../ui/FailedSection.tsx'
import { PageHead } from '../ui/PageHead.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useOnReturn } from '../ui/use-on-return.ts'
import { useCurrentAccount } from './current-account.tsx'
import { useRefusal } from './error-messages.ts'
import { readClosings } from './read-closings.ts'
import classes from './SignInSettingsPage.module.css'

/** How the people of an account, and the programs that act for them, come in. For those who look after that. */
export function SignInSettingsPage() {
  const { t } = useLingui()
  const { account, permissions } = useCurrentAccount()
  const { id: accountId, name: accountName } = account
  const mayManage = permissions.includes('account.manage')
  const mayEndTokens = permissions.includes('tokens.others')

  return (
    <>
      <PageHead
        title={t`Sign-in`}
        scope={{ accountName }}
        help={t`How people come in to ${accountName}, for everybody in it.`}
      />
      {mayManage && <HowPeopleSignIn key={accountId} accountId={accountId} />}
      {mayEndTokens && (
        <div className={classes.tokens}>
          <AccountTokens key={accountId} accountId={accountId} mayManageAccount={mayManage} />
        </div>
      )}
      {!mayManage && !mayEndTokens && (
        <Card>
          <EmptyState
            icon={<IconLock size={24} stroke={1.7} />}
            title={t`You do not have permission to do this.`}
            help={<Trans>Those who manage {accountName} decide how its people sign in.</Trans>}
          />
        </Card>
      )}
    </>
  )
}

function HowPeopleSignIn({ accountId }: { accountId: string }) {
  const { t } = useLingui()
  const client = useApolloClient()
  const { data, error, refetch } = useQuery(SignInSettingsDocument, {
    variables: { accountId },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const refusal = useRefusal(error)
  const readAgain = () => void refetch().catch(() => undefined)
  // A connection is tested in another tab, which tells nobody how it went.
  useOnReturn(readAgain)

  if (data?.account && data.me) {
    return (
      <>
        <SignInNameSection account={data.account} />
        <RequireTwoFactorSection
          account={data.account}
          user={data.me}
          onRequired={() => readClosings(client)}
        />
        <SsoSection account={data.account} />
      </>
    )
  }
  if (!refusal) return <SkeletonRows rows={4} />
  return (
    <FailedSection
      title={t`The sign-in settings could not be loaded`}
      reason={refusal.sentence}
      requestId={refusal.requestId}
      onRetry={readAgain}
    />
  )
}
