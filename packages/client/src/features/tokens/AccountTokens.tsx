import type { FragmentType } from '@apollo/client'
import { useQuery, useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useRef } from 'react'
import { useRefusal, useRefusalOf } from '../../app/error-messages.ts'
import {
  AccountTokensDocument,
  type AccountTokens_AccountFragment,
  AccountTokens_AccountFragmentDoc,
} from '../../graphql/generated.ts'
import { Card } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { ShowMore } from '../../ui/ShowMore.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { AccountTokenList } from './AccountTokenList.tsx'
import { RevokeAllTokensDialog } from './RevokeAllTokensDialog.tsx'
import { RevokeTokenDialog } from './RevokeTokenDialog.tsx'
import { TokenPolicyRow } from './TokenPolicyRow.tsx'
import { useOpenDialog } from '../../ui/use-open-dialog.ts'
import classes from './AccountTokens.module.css'

export type AccountToken = AccountTokens_AccountFragment['personalAccessTokens']['edges'][number]['node']

interface AccountTokensProps {
  accountId: string
  /** Whether the person has `account.manage` there; without it the policy is shown and not changed. */
  mayManageAccount: boolean
}

/** For administrators: how long tokens of the account may live, and everybody's tokens, each of which they may end. */
export function AccountTokens({ accountId, mayManageAccount }: AccountTokensProps) {
  const { t } = useLingui()
  const { data, error, fetchMore, refetch } = useQuery(AccountTokensDocument, {
    variables: { accountId },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const refusal = useRefusal(error)

  if (data?.account) {
    return (
      <Tokens
        account={data.account}
        mayManageAccount={mayManageAccount}
        loadMore={(after) => fetchMore({ variables: { after } })}
        reload={() => refetch()}
      />
    )
  }
  if (!refusal) return <SkeletonRows />
  return (
    <FailedSection
      title={t`The access tokens could not be loaded`}
      reason={refusal.sentence}
      requestId={refusal.requestId}
      onRetry={() => void refetch().catch(() => undefined)}
    />
  )
}

interface TokensProps extends Pick<AccountTokensProps, 'mayManageAccount'> {
  account: FragmentType<AccountTokens_AccountFragment>
  loadMore: (after: string | null) => Promise<unknown>
  reload: () => Promise<unknown>
}

type Open = { dialog: 'one'; token: AccountToken } | { dialog: 'all' }

function Tokens({ account: masked, mayManageAccount, loadMore, reload }: TokensProps) {
  const { t } = useLingui()
  const { data: account } = useSuspenseFragment({
    fragment: AccountTokens_AccountFragmentDoc,
    fragmentName: 'AccountTokens_account',
    from: masked,
  })
  const refusalOf = useRefusalOf()
  const section = useRef<HTMLDivElement>(null)
  const { open, show, hide } = useOpenDialog<Open>(section)
  const { id: accountId, name: accountName } = account
  const { edges, pageInfo, totalCount } = account.personalAccessTokens

  const showMore = () =>
    loadMore(pageInfo.endCursor).then(
      () => undefined,
      (problem: unknown) => refusalOf(problem)?.sentence,
    )
  // Read again first: the button that opened the question goes with the tokens, and cannot take the focus back.
  const afterAll = async () => {
    await reload().catch(() => undefined)
    hide()
  }

  return (
    <div ref={section} tabIndex={-1} className={classes.section}>
      <SettingsSection
        title={t`Access tokens of everybody`}
        scope={{ accountName }}
        help={t`Programs that act for people in ${accountName}. Each person makes their own; you can end any of them.`}
        {...(edges.length > 0 && {
          action: (
            <Button variant="default" color="red" onClick={() => show({ dialog: 'all' })}>
              <Trans>Revoke all…</Trans>
            </Button>
          ),
        })}
      >
        <Card>
          <TokenPolicyRow
            accountId={accountId}
            longestTokenDays={account.longestTokenDays}
            mayChange={mayManageAccount}
          />
          {edges.length === 0 ? (
            <EmptyState
              icon={<IconKey size={22} stroke={1.7} />}
              title={t`No tokens`}
              help={t`Nobody has made an access token for ${accountName}.`}
            />
          ) : (
            <AccountTokenList
              tokens={edges.map(({ node }) => node)}
              totalCount={totalCount}
              onRevoke={(token) => show({ dialog: 'one', token })}
            />
          )}
        </Card>
        {pageInfo.hasNextPage && (
          <div className={classes.more}>
            <ShowMore load={showMore} />
          </div>
        )}
      </SettingsSection>
      {open?.dialog === 'one' && (
        <RevokeTokenDialog accountId={accountId} token={open.token} onRevoked={hide} onClose={hide} />
      )}
      {open?.dialog === 'all' && (
        <RevokeAllTokensDialog
          accountId={accountId}
          accountName={accountName}
          onRevoked={afterAll}
          onClose={hide}
        />
      )}
    </div>
  )
}
