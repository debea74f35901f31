import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { ForgetRemovedEmailDocument } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'

interface ForgetEmailDialogProps {
  email: { id: string; address: string }
  onClose: () => void
}

/** Says what a removed email could still do, before that ends. Drawn while it is open only. */
export function ForgetEmailDialog({ email: { id, address }, onClose }: ForgetEmailDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [forget, { loading, error }] = useMutation(ForgetRemovedEmailDocument)
  const refusal = useRefusal(error)

  const confirm = async () => {
    const result = await forget({ variables: { input: { removedEmailId: id } } })
    if (result.error) return
    announce(t`${address} forgotten`)
    onClose()
  }

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Forget ${address} now?`}
      confirmLabel={t`Forget it`}
      cancelLabel={t`Keep it`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>
        Do it if somebody else may read its mail. It can no longer be used to take your user back, and is
        told so by mail.
      </Trans>
    </ConfirmDialog>
  )
}
