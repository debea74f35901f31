import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { OneTimeDialog } from '../../ui/OneTimeDialog.tsx'
import type { OneTimeSecret } from '../../ui/one-time-secret.ts'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import classes from './RecoveryCodesDialog.module.css'

interface RecoveryCodesDialogProps {
  codes: OneTimeSecret
  username: string
  onConfirm: () => void
}

/** The one time new codes are shown; it is confirmed once they have been taken along. */
export function RecoveryCodesDialog({ codes, username, onConfirm }: RecoveryCodesDialogProps) {
  const { t } = useLingui()
  const [stored, setStored] = useState(false)
  return (
    <OneTimeDialog
      title={t`Store your recovery codes now`}
      width={35 * 16}
      foot={
        <Button disabled={!stored} onClick={onConfirm}>
          <Trans>Confirm</Trans>
        </Button>
      }
    >
      <p className={classes.about}>
        <Trans>Each one signs you in once if you lose your phone. They are not shown again.</Trans>
      </p>
      <RecoveryCodes codes={codes} username={username} stored={stored} onStored={setStored} />
    </OneTimeDialog>
  )
}
