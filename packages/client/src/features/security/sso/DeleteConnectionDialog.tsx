import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../../app/error-messages.ts'
import { DeleteSsoConnectionDocument } from '../../../graphql/generated.ts'
import { useAnnounce } from '../../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx'
import type { Connection } from './SsoSection.tsx'

interface DeleteConnectionDialogProps {
  accountId: string
  connection: Connection
  onClose: () => void
}

/** Asks before a connection is deleted. Drawn while it is open only. */
export function DeleteConnectionDialog({ accountId, connection, onClose }: DeleteConnectionDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [remove, { loading, error }] = useMutation(DeleteSsoConnectionDocument)
  const refusal = useRefusal(error)
  const { id: ssoConnectionId, name } = connection

  const confirm = async () => {
    const { data } = await remove({ variables: { input: { accountId, ssoConnectionId } } })
    if (!data) return
    announce(t`${name} deleted`)
    onClose()
  }

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Delete the connection “${name}”?`}
      confirmLabel={t`Delete connection`}
      cancelLabel={t`Keep it`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>Its settings and its secret are gone then. This cannot be taken back.</Trans>
    </ConfirmDialog>
  )
}
