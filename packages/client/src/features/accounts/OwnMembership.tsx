import { useQuery } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { OwnMembershipDocument } from '../../graphql/members/generated.ts'
import { CardList } from '../../ui/Card.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { LeaveSection } from './LeaveSection.tsx'
import { MemberRow } from './MemberRow.tsx'

interface OwnMembershipProps {
  accountUserId: string
  account: { id: string; name: string }
  /** Whether everybody is listed above, oneself among them. */
  isListed: boolean
}

/** What one is in the account, and the way out of it. */
export function OwnMembership({ accountUserId, account, isListed }: OwnMembershipProps) {
  const { t } = useLingui()
  const { data, error, refetch } = useQuery(OwnMembershipDocument, {
    variables: { accountId: account.id },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const refusal = useRefusal(error)
  const me = data?.me
  const owner = data?.account.owner

  if (me && owner) {
    const roles = me.accountUsers.find(({ id }) => id === accountUserId)?.roles ?? []
    const ownerName = owner.name
    return (
      <>
        {!isListed && (
          <CardList label={t`Members`}>
            <MemberRow
              person={me}
              roles={roles}
              marks={
                <Pill tone="accent">
                  <Trans>You</Trans>
                </Pill>
              }
              reason={<Trans>The account is owned by {ownerName}.</Trans>}
            />
          </CardList>
        )}
        <LeaveSection accountUserId={accountUserId} account={account} isOwner={owner.id === me.id} />
      </>
    )
  }
  if (!refusal) return <SkeletonRows rows={1} />
  return (
    <FailedSection
      title={t`Your membership could not be loaded`}
      reason={refusal.sentence}
      requestId={refusal.requestId}
      onRetry={() => void refetch().catch(() => undefined)}
    />
  )
}
