import { useMutation } from '@apollo/client/react'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useRefusal } from '../../app/error-messages.ts'
import { SignOutOthersDocument } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'

/** Asks before every session but this one ends. Drawn while it is open only. */
export function EndOthersDialog({ count, onClose }: { count: number; onClose: () => void }) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [signOutOthers, { loading, error }] = useMutation(SignOutOthersDocument)
  const refusal = useRefusal(error)
  // The list is shorter before the dialog is gone.
  const [asked] = useState(count)

  const confirm = async () => {
    const { data } = await signOutOthers()
    if (!data) return
    const { ended } = data.signOutOthers
    announce(t`${plural(ended, { one: 'One session ended', other: '# sessions ended' })}`)
    onClose()
  }

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`${plural(asked, { one: 'End the other session?', other: 'End the # other sessions?' })}`}
      confirmLabel={t`End them`}
      cancelLabel={t`Keep them`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>Whoever uses them has to sign in again. You stay signed in here.</Trans>
    </ConfirmDialog>
  )
}
