import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../../app/error-messages.ts'
import { EnableSsoConnectionDocument } from '../../../graphql/generated.ts'
import { useAnnounce } from '../../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx'
import type { Connection } from './SsoSection.tsx'
import classes from './EnableSsoDialog.module.css'

interface EnableSsoDialogProps {
  accountId: string
  accountName: string
  connection: Connection
  onClose: () => void
}

/** Asks before members have to come through a provider. Drawn while it is open only. */
export function EnableSsoDialog({ accountId, accountName, connection, onClose }: EnableSsoDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [enable, { loading, error }] = useMutation(EnableSsoConnectionDocument)
  const refusal = useRefusal(error)
  const { id: ssoConnectionId, name } = connection

  const confirm = async () => {
    const { data } = await enable({ variables: { input: { accountId, ssoConnectionId } } })
    if (!data) return
    announce(t`${name} is enabled`)
    onClose()
  }

  return (
    <ConfirmDialog
      opened
      title={t`Enable single sign-on through ${name}?`}
      confirmLabel={t`Enable single sign-on`}
      cancelLabel={t`Not yet`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <ul className={classes.consequences}>
        <li>
          <Trans>
            From now on members reach {accountName} through {name} only. Whoever is signed in otherwise is
            led there with their next click.
          </Trans>
        </li>
        <li>
          <Trans>
            The owner and everybody who manages the account may still sign in otherwise, so that a provider
            that is down locks nobody out for good. Each time it is recorded in their history, and mailed to
            them.
          </Trans>
        </li>
        <li>
          <Trans>Access tokens go on working. They are listed below, and can be revoked.</Trans>
        </li>
        <li>
          <Trans>That you enabled it is recorded, too.</Trans>
        </li>
      </ul>
    </ConfirmDialog>
  )
}
