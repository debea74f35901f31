import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './TextButton.module.css'

/** A button that reads as part of its sentence. */
export function TextButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <UnstyledButton className={classes.button} onClick={onClick}>
      {children}
    </UnstyledButton>
  )
}
