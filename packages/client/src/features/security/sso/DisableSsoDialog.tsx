import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../../app/error-messages.ts'
import { DisableSsoConnectionDocument } from '../../../graphql/generated.ts'
import { useAnnounce } from '../../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx'
import type { Connection } from './SsoSection.tsx'

interface DisableSsoDialogProps {
  accountId: string
  accountName: string
  connection: Connection
  onClose: () => void
}

/** Asks before members may sign in as they like again. Drawn while it is open only. */
export function DisableSsoDialog({ accountId, accountName, connection, onClose }: DisableSsoDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [disable, { loading, error }] = useMutation(DisableSsoConnectionDocument)
  const refusal = useRefusal(error)
  const { id: ssoConnectionId, name } = connection

  const confirm = async () => {
    const { data } = await disable({ variables: { input: { accountId, ssoConnectionId } } })
    if (!data) return
    announce(t`${name} is disabled`)
    onClose()
  }

  return (
    <ConfirmDialog
      opened
      title={t`Disable single sign-on through ${name}?`}
      confirmLabel={t`Disable single sign-on`}
      cancelLabel={t`Keep it`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>
        Members reach {accountName} by their own password or passkey again, and no longer through {name}.
        The connection stays here with all its settings.
      </Trans>
    </ConfirmDialog>
  )
}
