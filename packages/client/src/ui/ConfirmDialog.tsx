import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useCovered } from './covered.ts'
import { useReturnFocus } from './use-return-focus.ts'
import { useScrollLock } from './use-scroll-lock.ts'
import classes from './Dialog.module.css'

interface ConfirmDialogProps {
  opened: boolean
  /** The question, as "Delete the token “Deploy”?". */
  title: string
  /** What follows from it. */
  children: ReactNode
  /** The title's verb, as "Delete token". */
  confirmLabel: string
  /** What not doing it is called, as "Keep it". */
  cancelLabel: string
  destructive?: boolean
  busy?: boolean
  /** Why it was not done; shown until the next try. */
  refusal?: string | undefined
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that cannot be taken back. The safe answer has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  useReturnFocus()
  useScrollLock(props.opened)
  const isCovered = useCovered()
  return (
    <Modal.Root
      opened={props.opened}
      onClose={props.onClose}
      closeOnEscape={!isCovered}
      size={27 * 16}
      classNames={classes}
    >
      <Modal.Overlay />
      <Modal.Content data-covered={isCovered || undefined}>
        <div className={classes.head}>
          <Modal.Title>{props.title}</Modal.Title>
        </div>
        <Modal.Body>
          <div className={classes.consequence}>{props.children}</div>
          {props.refusal && (
            <p role="alert" className={classes.refusal}>
              {props.refusal}
            </p>
          )}
          <div className={classes.answers}>
            <Button variant="default" data-autofocus onClick={props.onClose}>
              {props.cancelLabel}
            </Button>
            <Button
              {...(props.destructive && { color: 'red' })}
              loading={props.busy ?? false}
              onClick={props.onConfirm}
            >
              {props.confirmLabel}
            </Button>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
