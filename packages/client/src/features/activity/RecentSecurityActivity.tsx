import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import { paths } from '../../app/paths.ts'
import {
  type RecentSecurityActivity_UserFragment,
  RecentSecurityActivity_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { Card, CardList } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { ActivityItem } from './ActivityItem.tsx'

/** What is about security names no event of a product. */
const noEventNames: ReadonlyMap<string, string> = new Map()

/** The last few entries of the history that are about signing in: where somebody else would show. */
export function RecentSecurityActivity(props: { user: FragmentType<RecentSecurityActivity_UserFragment> }) {
  const { t } = useLingui()
  const accountLink = useAccountLink()
  const { data: user } = useSuspenseFragment({
    fragment: RecentSecurityActivity_UserFragmentDoc,
    fragmentName: 'RecentSecurityActivity_user',
    from: props.user,
  })
  const { edges } = user.activity
  const title = t`Recent security activity`

  return (
    <SettingsSection
      title={title}
      help={<Trans>Is anything here not your doing? Lock everything below.</Trans>}
      action={
        <Button component={Link} to={accountLink(paths.activity)} variant="default" size="xs">
          <Trans>See all activity</Trans>
        </Button>
      }
    >
      {edges.length === 0 ? (
        <Card>
          <EmptyState
            icon={<IconHistory size={22} stroke={1.7} />}
            title={t`Nothing has happened yet`}
            help={t`Sign-ins and changes of how you sign in show up here.`}
          />
        </Card>
      ) : (
        <CardList label={title}>
          {edges.map(({ node }) => (
            <ActivityItem key={node.id} entry={node} eventNames={noEventNames} />
          ))}
        </CardList>
      )}
    </SettingsSection>
  )
}
