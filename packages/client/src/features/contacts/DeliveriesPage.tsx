import { useQuery } from '@apollo/client/react'
import { deliveryRetentionDays } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { IconSend } from '@tabler/icons-react'
import { Link, useSearchParams } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import { useRefusal, useRefusalOf } from '../../app/error-messages.ts'
import { paths } from '../../app/paths.ts'
import { DeliveriesDocument } from '../../graphql/generated.ts'
import { Card, CardList } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { ShowMore } from '../../ui/ShowMore.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { DeliveryItem } from './DeliveryItem.tsx'
import classes from './DeliveriesPage.module.css'

/** What was sent to the person, newest first; with `?address=<id>` what was sent to that address alone. */
export function DeliveriesPage() {
  const { t } = useLingui()
  const [searchParams] = useSearchParams()
  const accountLink = useAccountLink()
  const addressId = searchParams.get('address')

  return (
    <>
      <PageHead
        title={t`Deliveries`}
        scope="global"
        help={
          addressId ? (
            <Trans>
              What was sent to one address in the last {deliveryRetentionDays} days.{' '}
              <Link to={accountLink(paths.deliveries())}>Show all deliveries</Link>
            </Trans>
          ) : (
            <Trans>
              What was sent to you in the last {deliveryRetentionDays} days.{' '}
              <Link to={accountLink(paths.contacts)}>Your contacts</Link>
            </Trans>
          )
        }
      />
      {/* The key: what was opened and loaded for one address has nothing to do with another. */}
      <Deliveries key={addressId} addressId={addressId} />
    </>
  )
}

function Deliveries({ addressId }: { addressId: string | null }) {
  const { t } = useLingui()
  const { data, error, fetchMore, refetch } = useQuery(DeliveriesDocument, {
    variables: { addressId },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const refusal = useRefusal(error)
  const refusalOf = useRefusalOf()
  const deliveries = data?.me?.deliveries

  if (!deliveries) {
    if (!refusal) return <SkeletonRows rows={6} />
    return (
      <FailedSection
        title={t`The deliveries could not be loaded`}
        reason={refusal.sentence}
        requestId={refusal.requestId}
        onRetry={() => void refetch().catch(() => undefined)}
      />
    )
  }
  if (deliveries.edges.length === 0) {
    return (
      <Card>
        <EmptyState
          icon={<IconSend size={22} stroke={1.7} />}
          title={t`Nothing was sent yet`}
          help={t`Codes, tests and notifications show up here, with what became of them.`}
        />
      </Card>
    )
  }

  const showMore = () =>
    fetchMore({ variables: { after: deliveries.pageInfo.endCursor } }).then(
      () => undefined,
      (problem: unknown) => refusalOf(problem)?.sentence,
    )
  return (
    <>
      <CardList label={t`Deliveries`}>
        {deliveries.edges.map(({ node }) => (
          <DeliveryItem key={node.id} delivery={node} />
        ))}
      </CardList>
      {deliveries.pageInfo.hasNextPage && (
        <div className={classes.more}>
          <ShowMore load={showMore} />
        </div>
      )}
    </>
  )
}
