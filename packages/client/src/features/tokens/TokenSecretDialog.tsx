import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox, Modal } from '@mantine/core'
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { useIsPhone } from '../../ui/use-is-phone.ts'
import { useScrollLock } from '../../ui/use-scroll-lock.ts'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { saveAsFile } from '../../ui/save-as-file.ts'
import { useCopy } from '../../ui/use-copy.ts'
import { type CreatedToken } from './use-create-token.ts'
import classes from './TokenSecretDialog.module.css'

interface TokenSecretDialogProps {
  created: CreatedToken
  onConfirm: () => void
}

/**
 * The one time a token is shown. Neither Escape nor a click beside it closes the window, for there is
 * no way back; it is confirmed once the token has been taken along.
 */
export function TokenSecretDialog({ created, onConfirm }: TokenSecretDialogProps) {
  const { t } = useLingui()
  const format = useTimeFormat()
  const isPhone = useIsPhone()
  const { state: copying, copy } = useCopy()
  const [taken, setTaken] = useState(false)
  const [ticked, setTicked] = useState(false)
  const { secret, name, readOnly, oldWorksUntil } = created
  useScrollLock(true)
  const until = format.date(new Date(created.expiresAt))
  const isTaken = taken || copying === 'copied'

  const confirm = () => {
    secret.forget()
    onConfirm()
  }
  const download = () => {
    saveAsFile(secret.read(), `${name}.txt`)
    setTaken(true)
  }

  return (
    <Modal.Root opened onClose={stay} closeOnEscape={false} closeOnClickOutside={false} size={32.5 * 16}>
      <Modal.Overlay />
      <Modal.Content className={classes.content}>
        <Modal.Title className={classes.title}>
          <Trans>Store your token now</Trans>
        </Modal.Title>
        <Modal.Body className={classes.body}>
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
            onCopy={() => setTaken(true)}
          />
          <div className={classes.ways}>
            <Button
              data-autofocus
              variant={isTaken ? 'default' : 'filled'}
              leftSection={
                copying === 'copied' ? (
                  <IconCheck aria-hidden size={18} stroke={1.7} />
                ) : (
                  <IconCopy aria-hidden size={18} stroke={1.7} />
                )
              }
              onClick={() => copy(secret.read())}
            >
              {copying === 'copied' ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
            </Button>
            <Button
              variant="default"
              leftSection={<IconDownload aria-hidden size={18} stroke={1.7} />}
              onClick={download}
            >
              <Trans>Download</Trans>
            </Button>
          </div>
          {copying === 'failed' && (
            <p role="alert" className={classes.failed}>
              <Trans>
                The browser did not copy it. Select the token and copy it yourself, or download it.
              </Trans>
            </p>
          )}
          <div className={classes.foot}>
            <Checkbox
              label={t`I have stored it`}
              description={isTaken ? undefined : t`Copy or download it first.`}
              disabled={!isTaken}
              checked={ticked}
              onChange={(event) => setTicked(event.currentTarget.checked)}
            />
            <Button
              variant={isTaken ? 'filled' : 'default'}
              disabled={!isTaken || !ticked}
              onClick={confirm}
            >
              <Trans>Confirm</Trans>
            </Button>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** The window is closed by its own button only. */
const stay = () => {}
