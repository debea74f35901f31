import type { ReactNode } from 'react'
import classes from './Pill.module.css'

/** A short word about the thing beside it, as "Primary". */
export function Pill({
  tone = 'neutral',
  icon,
  children,
}: {
  tone?: 'neutral' | 'accent' | 'warn'
  icon?: ReactNode
  children: ReactNode
}) {
  return (
    <span className={classes.pill} data-tone={tone}>
      {icon}
      {children}
    </span>
  )
}
