import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useId } from 'react'
import { supportsPasskeys } from './passkey-support.ts'
import classes from './SignInParts.module.css'

interface PasskeyButtonProps {
  loading: boolean
  onClick: () => void
}

/** Asks the browser for a passkey; where it has none to give, the button says so. */
export function PasskeyButton({ loading, onClick }: PasskeyButtonProps) {
  const reasonId = useId()
  const isSupported = supportsPasskeys()
  return (
    <>
      <Button
        variant="default"
        size="md"
        leftSection={<IconFingerprint aria-hidden size={18} stroke={1.7} />}
        loading={loading}
        disabled={!isSupported}
        aria-describedby={isSupported ? undefined : reasonId}
        onClick={onClick}
      >
        <Trans>Use a passkey</Trans>
      </Button>
      {!isSupported && (
        <p id={reasonId} className={classes.hint}>
          <Trans>This browser cannot use passkeys on this page.</Trans>
        </p>
      )}
    </>
  )
}
