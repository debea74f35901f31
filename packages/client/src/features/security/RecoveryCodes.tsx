import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox } from '@mantine/core'
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { OneTimeSecret } from '../../ui/one-time-secret.ts'
import { saveAsFile } from '../../ui/save-as-file.ts'
import { useCopy } from '../../ui/use-copy.ts'
import classes from './RecoveryCodes.module.css'

interface RecoveryCodesProps {
  /** One a line. */
  codes: OneTimeSecret
  username: string
  stored: boolean
  onStored: (stored: boolean) => void
}

/** The codes, shown once, with the ways to take them along and the word that they are stored. */
export function RecoveryCodes({ codes, username, stored, onStored }: RecoveryCodesProps) {
  const { t } = useLingui()
  const { state: copying, copy } = useCopy()
  const [downloaded, setDownloaded] = useState(false)
  const [selected, setSelected] = useState(false)
  const isTaken = stored || downloaded || selected || copying === 'copied'

  const download = () => {
    saveAsFile(codes.read(), `lanyard-recovery-codes-${username}.txt`)
    setDownloaded(true)
  }

  return (
    <>
      <ul
        aria-label={t`Recovery codes`}
        className={`ly-mono ${classes.codes}`}
        onCopy={() => setSelected(true)}
      >
        {codes
          .read()
          .split('\n')
          .map((code) => (
            <li key={code}>{code}</li>
          ))}
      </ul>
      <div className={classes.ways}>
        <Button
          variant="default"
          size="xs"
          leftSection={
            copying === 'copied' ? (
              <IconCheck aria-hidden size={16} stroke={1.7} />
            ) : (
              <IconCopy aria-hidden size={16} stroke={1.7} />
            )
          }
          onClick={() => copy(codes.read())}
        >
          {copying === 'copied' ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload aria-hidden size={16} stroke={1.7} />}
          onClick={download}
        >
          <Trans>Download</Trans>
        </Button>
        <Checkbox
          label={t`I have stored them`}
          description={isTaken ? undefined : t`Copy or download them first.`}
          disabled={!isTaken}
          checked={stored}
          onChange={(event) => onStored(event.currentTarget.checked)}
        />
      </div>
      {copying === 'failed' && (
        <p role="alert" className={classes.failed}>
          <Trans>
            The browser did not copy them. Select the codes and copy them yourself, or download them.
          </Trans>
        </p>
      )}
    </>
  )
}
