import { useMutation } from '@apollo/client/react'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { RevokeAccountTokensDocument } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'

interface RevokeAllTokensDialogProps {
  accountId: string
  accountName: string
  onRevoked: () => Promise<void>
  onClose: () => void
}

/** Asks before every token of the account ends. Drawn while it is open only. */
export function RevokeAllTokensDialog(props: RevokeAllTokensDialogProps) {
  const { accountId, accountName, onRevoked, onClose } = props
  const { t } = useLingui()
  const announce = useAnnounce()
  const [revokeTokens, { loading, error }] = useMutation(RevokeAccountTokensDocument)
  const refusal = useRefusal(error)

  const confirm = async () => {
    const { data } = await revokeTokens({ variables: { input: { accountId } } })
    if (!data) return
    const { revoked } = data.revokeAccountTokens
    announce(t`${plural(revoked, { one: '# token revoked', other: '# tokens revoked' })}`)
    await onRevoked()
  }

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Revoke every token of ${accountName}?`}
      confirmLabel={t`Revoke all tokens`}
      cancelLabel={t`Keep them`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>
        For a leak that nobody can put bounds to. Every program that acts for anybody in {accountName} is
        refused at once, yours too. This cannot be taken back.
      </Trans>
    </ConfirmDialog>
  )
}
