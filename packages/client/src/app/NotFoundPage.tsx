import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { Link } from 'react-router'
import { Card } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { PageHead } from '../ui/PageHead.tsx'
import { useAccountLink } from './current-account.tsx'
import { paths } from './paths.ts'

export function NotFoundPage() {
  const { t } = useLingui()
  const accountLink = useAccountLink()
  return (
    <>
      <PageHead title={t`Page not found`} />
      <Card>
        <EmptyState
          icon={<IconMapOff size={24} stroke={1.7} />}
          title={t`There is nothing at this address.`}
          action={
            <Button component={Link} to={accountLink(paths.profile)}>
              <Trans>Go to your profile</Trans>
            </Button>
          }
        />
      </Card>
    </>
  )
}
