import { useLingui } from '@lingui/react/macro'
import { IconBuilding } from '@tabler/icons-react'
import { Outlet } from 'react-router'
import { Card } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { useCurrentAccountIfAny } from './current-account.tsx'

/** The pages that are about one account; for a person in none, why there is nothing to see. */
export function AccountPages() {
  return useCurrentAccountIfAny() ? <Outlet /> : <NoAccount />
}

function NoAccount() {
  const { t } = useLingui()
  usePageTitle(t`No account`)
  return (
    <Card>
      <EmptyState
        icon={<IconBuilding size={24} stroke={1.7} />}
        title={t`You belong to no account yet.`}
        help={t`An administrator of an account can add you.`}
      />
    </Card>
  )
}
