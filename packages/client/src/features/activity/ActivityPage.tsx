import { useQuery } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { IconHistory } from '@tabler/icons-react'
import { useRefusal, useRefusalOf } from '../../app/error-messages.ts'
import { ActivityDocument } from '../../graphql/generated.ts'
import { Card, CardList } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { ShowMore } from '../../ui/ShowMore.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { ActivityItem } from './ActivityItem.tsx'
import classes from './ActivityPage.module.css'

/** The history of one's own user, newest first. */
export function ActivityPage() {
  const { t } = useLingui()
  return (
    <>
      <PageHead
        title={t`Activity`}
        scope="global"
        help={t`Who changed what on your user. Select a line for the details.`}
      />
      <History />
    </>
  )
}

function History() {
  const { t } = useLingui()
  const { data, error, fetchMore, refetch } = useQuery(ActivityDocument, {
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const refusal = useRefusal(error)
  const refusalOf = useRefusalOf()
  const history = data?.me?.activity

  if (!history) {
    if (!refusal) return <SkeletonRows rows={6} />
    return (
      <FailedSection
        title={t`The activity could not be loaded`}
        reason={refusal.sentence}
        requestId={refusal.requestId}
        onRetry={() => void refetch().catch(() => undefined)}
      />
    )
  }
  if (history.edges.length === 0) {
    return (
      <Card>
        <EmptyState
          icon={<IconHistory size={22} stroke={1.7} />}
          title={t`Nothing has happened yet`}
          help={t`Sign-ins and changes to your user show up here.`}
        />
      </Card>
    )
  }

  const eventNames = new Map(data.notificationEventTypes.map(({ id, name }) => [id, name]))
  const showMore = () =>
    fetchMore({ variables: { after: history.pageInfo.endCursor } }).then(
      () => undefined,
      (problem: unknown) => refusalOf(problem)?.sentence,
    )
  return (
    <>
      <CardList label={t`Activity`}>
        {history.edges.map(({ node }) => (
          <ActivityItem key={node.id} entry={node} eventNames={eventNames} />
        ))}
      </CardList>
      {history.pageInfo.hasNextPage && (
        <div className={classes.more}>
          <ShowMore load={showMore} />
        </div>
      )}
    </>
  )
}
