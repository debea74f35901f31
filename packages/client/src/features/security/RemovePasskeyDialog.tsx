import { useApolloClient, useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { RemovePasskeyDocument } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { signalPasskeys } from './signal-passkeys.ts'

interface RemovePasskeyDialogProps {
  passkey: { id: string; name: string }
  onClose: () => void
}

/** Says what removing does, here and on the device. Drawn while it is open only. */
export function RemovePasskeyDialog({ passkey, onClose }: RemovePasskeyDialogProps) {
  const { t } = useLingui()
  const client = useApolloClient()
  const announce = useAnnounce()
  const [remove, { loading, error }] = useMutation(RemovePasskeyDocument)
  const refusal = useRefusal(error)
  const { id, name } = passkey

  const confirm = async () => {
    const result = await remove({ variables: { input: { passkeyId: id } } })
    if (result.error) return
    announce(t`Passkey removed`)
    onClose()
    // A courtesy to the browser, which may not want it.
    await signalPasskeys(client).catch(() => undefined)
  }

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Remove the passkey “${name}”?`}
      confirmLabel={t`Remove passkey`}
      cancelLabel={t`Keep it`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>
        Lanyard does not accept it any more, and your other sessions end. The device or password manager may
        still show it: delete it there too.
      </Trans>
    </ConfirmDialog>
  )
}
