import type { ReactNode } from 'react'
import classes from './EmptyState.module.css'

/** Nothing here yet: one icon, one sentence, at most one action. */
export function EmptyState({
  icon,
  title,
  help,
  action,
}: {
  icon: ReactNode
  title: string
  help?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={classes.empty}>
      <span aria-hidden className={classes.icon}>
        {icon}
      </span>
      <p className={classes.title}>{title}</p>
      {help && <p className={classes.help}>{help}</p>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}
