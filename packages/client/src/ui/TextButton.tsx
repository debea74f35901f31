import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './TextButton.module.css'

interface TextButtonProps {
  onClick: () => void
  /** For a button that opens what lies below it: whether it is open, and the id of what it opens. */
  expanded?: boolean
  controls?: string
  disabled?: boolean
  children: ReactNode
}

/** A button that reads as part of its sentence. */
export function TextButton({ onClick, expanded, controls, disabled, children }: TextButtonProps) {
  return (
    <UnstyledButton
      className={classes.button}
      aria-expanded={expanded}
      aria-controls={controls}
      disabled={disabled ?? false}
      onClick={onClick}
    >
      {children}
    </UnstyledButton>
  )
}
