import { useQuery } from '@apollo/client/react'
import { notificationRetentionDays } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { IconAlertTriangle, IconInbox } from '@tabler/icons-react'
import { useId } from 'react'
import { useRefusal, useRefusalOf } from '../../app/error-messages.ts'
import { useViewer } from '../../app/viewer.tsx'
import { InboxItemsDocument, type NotificationKind } from '../../graphql/generated.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { ShowMore } from '../../ui/ShowMore.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { DayHeading } from './DayHeading.tsx'
import { InboxRow } from './InboxRow.tsx'
import { type DayGroup, groupByDay } from './day-groups.ts'
import { useBadge } from './use-badge.ts'
import { useFreshItems } from './use-fresh-items.ts'
import { useInboxLinks } from './use-inbox-links.ts'
import classes from './InboxList.module.css'

interface InboxListProps {
  kind: NotificationKind
  openId: string | undefined
}

/** One tab of the inbox: its items by day, newest first. */
export function InboxList({ kind, openId }: InboxListProps) {
  const { t } = useLingui()
  const { data, error, fetchMore, refetch } = useQuery(InboxItemsDocument, {
    variables: { kind },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const badge = useBadge(useViewer().id)
  const { dayKey } = useTimeFormat()
  const refusal = useRefusal(error)
  const refusalOf = useRefusalOf()
  const list = data?.me?.notifications
  const items = list?.edges.map(({ node }) => node) ?? []
  useFreshItems(kind, badge?.version, Math.max(items.length, data?.me?.rowsPerPage ?? 0))

  if (!list) {
    return (
      <div className={classes.message}>
        {refusal ? (
          <FailedSection
            title={t`The inbox could not be loaded`}
            reason={refusal.sentence}
            requestId={refusal.requestId}
            onRetry={() => void refetch().catch(() => undefined)}
          />
        ) : (
          <SkeletonRows rows={6} />
        )}
      </div>
    )
  }
  if (items.length === 0) return <EmptyInbox kind={kind} />

  const { hasNextPage, endCursor } = list.pageInfo
  const showMore = () =>
    fetchMore({ variables: { after: endCursor } }).then(
      () => undefined,
      (problem: unknown) => refusalOf(problem)?.sentence,
    )
  return (
    <>
      {groupByDay(items, ({ createdAt }) => dayKey(new Date(createdAt))).map((day) => (
        <Day key={day.dayKey} day={day} kind={kind} openId={openId} />
      ))}
      <div className={classes.end}>
        {hasNextPage && <ShowMore load={showMore} />}
        <RetentionNote />
      </div>
    </>
  )
}

type ListedItem = Parameters<typeof InboxRow>[0]['notification'] & { id: string; createdAt: string }

function Day({
  day,
  kind,
  openId,
}: { day: DayGroup<ListedItem> } & Pick<InboxListProps, 'kind' | 'openId'>) {
  const headingId = useId()
  const { itemLink } = useInboxLinks()
  const anyInstant = day.items[0]?.createdAt ?? day.dayKey

  return (
    <section aria-labelledby={headingId}>
      <h3 id={headingId} className={classes.day}>
        <DayHeading dayKey={day.dayKey} anyInstant={anyInstant} />
      </h3>
      <ul className={classes.items}>
        {day.items.map((item) => (
          <InboxRow
            key={item.id}
            notification={item}
            to={itemLink(item.id, kind)}
            open={item.id === openId}
          />
        ))}
      </ul>
    </section>
  )
}

function EmptyInbox({ kind }: { kind: NotificationKind }) {
  const { t } = useLingui()
  const isAlerts = kind === 'ALERT'
  return (
    <EmptyState
      icon={isAlerts ? <IconAlertTriangle size={22} stroke={1.7} /> : <IconInbox size={22} stroke={1.7} />}
      title={isAlerts ? t`No alerts` : t`No notifications`}
      help={
        <>
          {isAlerts
            ? t`An alert shows up here as it opens.`
            : t`What happens in your accounts shows up here at once.`}{' '}
          <RetentionNote />
        </>
      }
    />
  )
}

function RetentionNote() {
  return (
    <span className={classes.note}>
      <Trans>Notifications are kept for {notificationRetentionDays} days.</Trans>
    </span>
  )
}
