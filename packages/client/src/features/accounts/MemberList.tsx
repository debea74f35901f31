import type { FragmentType } from '@apollo/client'
import { useQuery, useSuspenseFragment } from '@apollo/client/react'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useRef } from 'react'
import { useRefusal, useRefusalOf } from '../../app/error-messages.ts'
import { useViewer } from '../../app/viewer.tsx'
import {
  type MemberList_AccountFragment,
  MemberList_AccountFragmentDoc,
  MembersDocument,
} from '../../graphql/members/generated.ts'
import { CardList } from '../../ui/Card.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { ShowMore } from '../../ui/ShowMore.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { useOpenDialog } from '../../ui/use-open-dialog.ts'
import { MemberRow } from './MemberRow.tsx'
import { RemoveMemberDialog } from './RemoveMemberDialog.tsx'
import { SetUserEnabledDialog } from './SetUserEnabledDialog.tsx'
import classes from './MemberList.module.css'

export type Member = MemberList_AccountFragment['accountUsers']['edges'][number]['node']

/** For those who manage the members of an account: everybody in it, and what can be done with each. */
export function MemberList({ accountId }: { accountId: string }) {
  const { t } = useLingui()
  const { data, error, fetchMore, refetch } = useQuery(MembersDocument, {
    variables: { accountId },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const refusal = useRefusal(error)

  if (data?.account) {
    return (
      <Members
        account={data.account}
        loadMore={(after) => fetchMore({ variables: { accountId, after } })}
      />
    )
  }
  if (!refusal) return <SkeletonRows rows={4} />
  return (
    <FailedSection
      title={t`The members could not be loaded`}
      reason={refusal.sentence}
      requestId={refusal.requestId}
      onRetry={() => void refetch().catch(() => undefined)}
    />
  )
}

interface MembersProps {
  account: FragmentType<MemberList_AccountFragment>
  loadMore: (after: string | null) => Promise<unknown>
}

interface Open {
  dialog: 'remove' | 'disable' | 'enable'
  member: Member
}

function Members({ account: masked, loadMore }: MembersProps) {
  const { t } = useLingui()
  const { data: account } = useSuspenseFragment({
    fragment: MemberList_AccountFragmentDoc,
    from: masked,
  })
  const refusalOf = useRefusalOf()
  const list = useRef<HTMLDivElement>(null)
  const { open, show, hide } = useOpenDialog<Open>(list)
  const { edges, pageInfo, totalCount } = account.accountUsers

  const showMore = () =>
    loadMore(pageInfo.endCursor).then(
      () => undefined,
      (problem: unknown) => refusalOf(problem)?.sentence,
    )

  return (
    <>
      <div ref={list} tabIndex={-1} className={classes.list}>
        <CardList label={t`Members`}>
          {edges.map(({ node }) => (
            <ListedMember
              key={node.id}
              member={node}
              account={account}
              onAsk={(dialog) => show({ dialog, member: node })}
            />
          ))}
        </CardList>
      </div>
      <p className={classes.foot}>{t`${plural(totalCount, { one: '# member', other: '# members' })}`}</p>
      {pageInfo.hasNextPage && <ShowMore load={showMore} />}
      {open?.dialog === 'remove' && (
        <RemoveMemberDialog account={account} member={open.member} onRemoved={hide} onClose={hide} />
      )}
      {open && open.dialog !== 'remove' && (
        <SetUserEnabledDialog
          member={open.member}
          enable={open.dialog === 'enable'}
          onDone={hide}
          onClose={hide}
        />
      )}
    </>
  )
}

interface ListedMemberProps {
  member: Member
  account: MemberList_AccountFragment
  onAsk: (dialog: Open['dialog']) => void
}

function ListedMember({ member, account, onAsk }: ListedMemberProps) {
  const { t } = useLingui()
  const viewer = useViewer()
  const { user, roles, enabled, twoFactorEnabled } = member
  const { name } = user
  const accountName = account.name
  const isOneself = user.id === viewer.id
  const isOwner = user.id === account.owner.id
  const mayDisable = viewer.superAdmin && !isOneself

  return (
    <MemberRow
      person={user}
      roles={roles}
      marks={
        <>
          {isOneself && (
            <Pill tone="accent">
              <Trans>You</Trans>
            </Pill>
          )}
          {!enabled && (
            <Pill tone="warn">
              <Trans>Disabled</Trans>
            </Pill>
          )}
        </>
      }
      standing={twoFactorEnabled ? <Trans>two-factor on</Trans> : <Trans>two-factor off</Trans>}
      reason={
        isOneself ? (
          <Trans>Leaving is at the end of this page.</Trans>
        ) : (
          isOwner && <Trans>Owns {accountName}, and stays until somebody else does.</Trans>
        )
      }
      actions={
        (mayDisable || !(isOneself || isOwner)) && (
          <>
            {mayDisable && (
              <Button
                variant="default"
                size="xs"
                aria-label={enabled ? t`Disable the user ${name}` : t`Enable the user ${name}`}
                onClick={() => onAsk(enabled ? 'disable' : 'enable')}
              >
                {enabled ? <Trans>Disable…</Trans> : <Trans>Enable…</Trans>}
              </Button>
            )}
            {!isOneself && !isOwner && (
              <Button
                variant="default"
                size="xs"
                aria-label={t`Remove from account: ${name}`}
                onClick={() => onAsk('remove')}
              >
                <Trans>Remove from account…</Trans>
              </Button>
            )}
          </>
        )
      }
    />
  )
}
