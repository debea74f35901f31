import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox } from '@mantine/core'
import { useState } from 'react'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { OneTimeDialog } from '../../ui/OneTimeDialog.tsx'
import { TakeAlongButtons } from '../../ui/TakeAlongButtons.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useIsPhone } from '../../ui/use-is-phone.ts'
import { useTakeAlong } from '../../ui/use-take-along.ts'
import { type CreatedToken } from './use-create-token.ts'
import classes from './TokenSecretDialog.module.css'

interface TokenSecretDialogProps {
  created: CreatedToken
  onConfirm: () => void
}

/** The one time a token is shown; it is confirmed once the token has been taken along. */
export function TokenSecretDialog({ created, onConfirm }: TokenSecretDialogProps) {
  const { t } = useLingui()
  const format = useTimeFormat()
  const isPhone = useIsPhone()
  const { secret, name, readOnly, oldWorksUntil } = created
  const taking = useTakeAlong(secret, `${name}.txt`)
  const { isTaken } = taking
  const [ticked, setTicked] = useState(false)
  const until = format.date(new Date(created.expiresAt))

  const confirm = () => {
    secret.forget()
    onConfirm()
  }

  return (
    <OneTimeDialog
      title={t`Store your token now`}
      width={32.5 * 16}
      foot={
        <>
          <Checkbox
            className={classes.stored}
            label={t`I have stored it`}
            description={isTaken ? undefined : t`Copy or download it first.`}
            disabled={!isTaken}
            checked={ticked}
            onChange={(event) => setTicked(event.currentTarget.checked)}
          />
          <Button variant={isTaken ? 'filled' : 'default'} disabled={!isTaken || !ticked} onClick={confirm}>
            <Trans>Confirm</Trans>
          </Button>
        </>
      }
    >
      <p className={classes.about}>
        {readOnly
          ? t`“${name}”, read only, until ${until}. This is the only time it is shown.`
          : t`“${name}”, read and write, until ${until}. This is the only time it is shown.`}
      </p>
      {oldWorksUntil && (
        <p className={classes.about}>
          <Trans>
            The old one works until <AbsoluteTime at={oldWorksUntil} />.
          </Trans>
        </p>
      )}
      <textarea
        readOnly
        className={classes.token}
        aria-label={t`Token`}
        rows={isPhone ? 2 : 1}
        // Nothing that remembers or fills in fields should take an interest in this one.
        autoComplete="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore
        value={secret.read()}
        onFocus={(event) => event.currentTarget.select()}
        onCopy={taking.noteCopied}
      />
      <div className={classes.ways}>
        <TakeAlongButtons taking={taking} size="sm" isNext />
      </div>
      {taking.copying === 'failed' && (
        <p role="alert" className={classes.failed}>
          <Trans>The browser did not copy it. Select the token and copy it yourself, or download it.</Trans>
        </p>
      )}
    </OneTimeDialog>
  )
}
