import { useLingui } from '@lingui/react/macro'
import { useCurrentAccount } from '../../app/current-account.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { MemberList } from './MemberList.tsx'
import { OwnMembership } from './OwnMembership.tsx'

/** Who belongs to the account of the address, for those who look after that; for everybody the way out of it. */
export function MembersPage() {
  const { t } = useLingui()
  const { accountUserId, account, permissions } = useCurrentAccount()
  const { id: accountId, name: accountName } = account
  const mayManage = permissions.includes('members.manage')

  return (
    <>
      <PageHead
        title={t`Members`}
        scope={{ accountName }}
        help={
          mayManage
            ? t`Everybody who belongs to ${accountName}, who came last first.`
            : t`You belong to ${accountName}. Those who manage its members see everybody here.`
        }
      />
      {mayManage && <MemberList key={accountId} accountId={accountId} />}
      <OwnMembership
        key={accountUserId}
        accountUserId={accountUserId}
        account={account}
        isListed={mayManage}
      />
    </>
  )
}
