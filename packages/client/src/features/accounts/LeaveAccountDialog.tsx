import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate } from 'react-router'
import { useCurrentAccount } from '../../app/current-account.tsx'
import { useRefusal } from '../../app/error-messages.ts'
import { inAccount, paths } from '../../app/paths.ts'
import { RemoveAccountUserDocument } from '../../graphql/members/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'

interface LeaveAccountDialogProps {
  accountUserId: string
  account: { id: string; name: string }
  onClose: () => void
}

/** Asks before one leaves an account, and goes on with another one. Drawn while it is open only. */
export function LeaveAccountDialog({ accountUserId, account, onClose }: LeaveAccountDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const navigate = useNavigate()
  const { memberships } = useCurrentAccount()
  const [leaveAccount, { loading, error }] = useMutation(RemoveAccountUserDocument)
  const refusal = useRefusal(error)
  const accountName = account.name
  const next = memberships.find((membership) => membership.accountUserId !== accountUserId)

  const confirm = async () => {
    const result = await leaveAccount({ variables: { input: { accountUserId } } })
    if (result.error) return
    announce(t`You have left ${accountName}`)
    await navigate(next ? inAccount(paths.profile, next.account.id) : paths.profile, { replace: true })
  }

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Leave ${accountName}?`}
      confirmLabel={t`Leave`}
      cancelLabel={t`Stay`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>
        Its pages close to you at once, and programs that act for you there are refused. Your history, your
        inbox and your other accounts stay as they are. You cannot come back by yourself.
      </Trans>
    </ConfirmDialog>
  )
}
