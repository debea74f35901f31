import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useScrollLock } from './use-scroll-lock.ts'
import classes from './OneTimeDialog.module.css'

interface OneTimeDialogProps {
  /** What to do, as "Store your token now". */
  title: string
  /** In pixels. */
  width: number
  children: ReactNode
  /** Its last child closes the window, once the secret has been taken along. */
  foot: ReactNode
}

/**
 * A secret, the one time it is shown. Neither Escape nor a click beside it closes the window, for there is
 * no way back; its own button does.
 */
export function OneTimeDialog({ title, width, children, foot }: OneTimeDialogProps) {
  useScrollLock(true)
  return (
    <Modal.Root
      opened
      onClose={stay}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size={width}
      classNames={classes}
    >
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Title>{title}</Modal.Title>
        <Modal.Body>
          {children}
          <div className={classes.foot}>{foot}</div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function stay(): void {}
