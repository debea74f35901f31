import { Trans, useLingui } from '@lingui/react/macro'
import { Checkbox } from '@mantine/core'
import type { OneTimeSecret } from '../../ui/one-time-secret.ts'
import { TakeAlongButtons } from '../../ui/TakeAlongButtons.tsx'
import { useTakeAlong } from '../../ui/use-take-along.ts'
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
  const taking = useTakeAlong(codes, `lanyard-recovery-codes-${username}.txt`)
  // Once they are said to be stored they were taken along, be it when they were shown before.
  const isTaken = stored || taking.isTaken

  return (
    <>
      <ul aria-label={t`Recovery codes`} className={`ly-mono ${classes.codes}`} onCopy={taking.noteCopied}>
        {codes
          .read()
          .split('\n')
          .map((code) => (
            <li key={code}>{code}</li>
          ))}
      </ul>
      <div className={classes.ways}>
        <TakeAlongButtons taking={taking} size="xs" />
        <Checkbox
          label={t`I have stored them`}
          description={isTaken ? undefined : t`Copy or download them first.`}
          disabled={!isTaken}
          checked={stored}
          onChange={(event) => onStored(event.currentTarget.checked)}
        />
      </div>
      {taking.copying === 'failed' && (
        <p role="alert" className={classes.failed}>
          <Trans>
            The browser did not copy them. Select the codes and copy them yourself, or download them.
          </Trans>
        </p>
      )}
    </>
  )
}
