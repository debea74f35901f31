import { Trans } from '@lingui/react/macro'
import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import type { OneTimeSecret } from '../../ui/one-time-secret.ts'
import { useScrollLock } from '../../ui/use-scroll-lock.ts'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import classes from './RecoveryCodesDialog.module.css'

interface RecoveryCodesDialogProps {
  codes: OneTimeSecret
  username: string
  onConfirm: () => void
}

/**
 * The one time new codes are shown. Neither Escape nor a click beside it closes the window, for there is no way back;
 * it is confirmed once the codes have been taken along.
 */
export function RecoveryCodesDialog({ codes, username, onConfirm }: RecoveryCodesDialogProps) {
  const [stored, setStored] = useState(false)
  useScrollLock(true)
  return (
    <Modal.Root opened onClose={stay} closeOnEscape={false} closeOnClickOutside={false} size={35 * 16}>
      <Modal.Overlay />
      <Modal.Content className={classes.content}>
        <Modal.Title className={classes.title}>
          <Trans>Store your recovery codes now</Trans>
        </Modal.Title>
        <Modal.Body className={classes.body}>
          <p className={classes.about}>
            <Trans>Each one signs you in once if you lose your phone. They are not shown again.</Trans>
          </p>
          <RecoveryCodes codes={codes} username={username} stored={stored} onStored={setStored} />
          <div className={classes.foot}>
            <Button disabled={!stored} onClick={onConfirm}>
              <Trans>Confirm</Trans>
            </Button>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function stay(): void {}
