import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Modal } from '@mantine/core'
import { IconAlertTriangleFilled } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { useCovered } from './covered.ts'
import { useIsPhone } from './use-is-phone.ts'
import { useReturnFocus } from './use-return-focus.ts'
import { useScrollLock } from './use-scroll-lock.ts'
import classes from './Dialog.module.css'

interface FormDialogProps {
  opened: boolean
  title: string
  submitLabel: string
  busy: boolean
  /**
   * Set after a refusal: what the reader must know besides the marked fields. A new object each time
   * moves the focus to the first field with `aria-invalid`.
   */
  refusal: { sentence: string; requestId?: string | undefined; partlySaved?: boolean } | undefined
  /** What a refusal leaves as it was, as "It is still on."; else that nothing was saved. */
  refusedMeans?: string
  /** It may lie over another dialog, which waits for it. */
  covers?: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/**
 * A form that is saved as a whole: a dialog on a desk, the full screen with a fixed foot on a phone.
 * Save is never disabled; a refusal says that nothing was saved and leaves what was typed.
 * Put `data-autofocus` on the first field.
 */
export function FormDialog(props: FormDialogProps) {
  const { opened, title, submitLabel, busy, refusal, refusedMeans, covers, onSubmit, onClose, children } =
    props
  const { t } = useLingui()
  const isPhone = useIsPhone()
  const requestId = refusal?.requestId
  const form = useRef<HTMLFormElement>(null)
  const isCovered = useCovered(covers)
  useReturnFocus()
  useScrollLock(opened)

  useEffect(() => {
    if (refusal) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [refusal])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) onSubmit()
  }

  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      closeOnEscape={!isCovered}
      size={35 * 16}
      fullScreen={isPhone}
      classNames={classes}
    >
      <Modal.Overlay />
      <Modal.Content data-covered={isCovered || undefined}>
        <div className={classes.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t`Close`} />
        </div>
        <Modal.Body>
          <form ref={form} noValidate className={classes.form} onSubmit={submit}>
            <div className={classes.fields}>{children}</div>
            <div className={classes.foot}>
              {refusal && (
                <p role="alert" className={classes.banner}>
                  <IconAlertTriangleFilled aria-hidden size={18} />
                  <span>
                    <strong>
                      {refusal.partlySaved ? (
                        <Trans>Not everything was saved.</Trans>
                      ) : (
                        (refusedMeans ?? <Trans>Nothing was saved.</Trans>)
                      )}
                    </strong>{' '}
                    {refusal.sentence} {requestId && <Trans>Request {requestId}.</Trans>}
                  </span>
                </p>
              )}
              <div className={classes.answers}>
                <Button variant="default" onClick={onClose}>
                  <Trans>Cancel</Trans>
                </Button>
                <Button type="submit" loading={busy}>
                  {submitLabel}
                </Button>
              </div>
            </div>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
