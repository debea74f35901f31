import { useLingui } from '@lingui/react/macro'
import { IconBuilding } from '@tabler/icons-react'
import { Activity, Suspense, lazy, useState } from 'react'
import { Outlet } from 'react-router'
import { Card } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { type CurrentAccount, useCurrentAccountIfAny } from './current-account.tsx'

const ClosedAccount = lazy(async () => ({ default: (await import('./ClosedAccount.tsx')).ClosedAccount }))

/** The pages that are about one account; for a person in none, why there is nothing to see. */
export function AccountPages() {
  const current = useCurrentAccountIfAny()
  return current ? <PagesOf current={current} /> : <NoAccount />
}

/**
 * An account that is closed while one of its pages is open keeps that page, unseen, with all that was typed there, and
 * shows it again as it was.
 */
function PagesOf({ current: { accountUserId, account, closed } }: { current: CurrentAccount }) {
  const [shownId, setShownId] = useState<string>()
  if (!closed && shownId !== accountUserId) setShownId(accountUserId)
  const isKept = shownId === accountUserId

  return (
    <>
      {closed && (
        <Suspense>
          <ClosedAccount
            accountName={account.name}
            accountId={account.id}
            closing={closed}
            keepsPage={isKept}
          />
        </Suspense>
      )}
      {(!closed || isKept) && (
        <Activity mode={closed ? 'hidden' : 'visible'}>
          <Outlet />
        </Activity>
      )}
    </>
  )
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
