import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { DeletePersonalAccessTokenDocument } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { type Token } from './TokenList.tsx'

/** Asks before a token ends. Drawn while it is open only. */
export function DeleteTokenDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [deleteToken, { loading, error }] = useMutation(DeletePersonalAccessTokenDocument)
  const refusal = useRefusal(error)
  const { id, name } = token

  const confirm = async () => {
    const result = await deleteToken({ variables: { input: { personalAccessTokenId: id } } })
    if (result.error) return
    announce(t`Token deleted`)
    onClose()
  }

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Delete the token “${name}”?`}
      confirmLabel={t`Delete token`}
      cancelLabel={t`Keep it`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>Programs that use it are refused at once. It cannot be brought back.</Trans>
    </ConfirmDialog>
  )
}
