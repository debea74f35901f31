import type { ReactNode } from 'react'
import classes from './NoticeBar.module.css'

/** One line on top of a page about the page itself, with what can be done at its end. */
export function NoticeBar({
  icon,
  end,
  children,
}: {
  icon: ReactNode
  end?: ReactNode
  children: ReactNode
}) {
  return (
    <div role="alert" className={classes.bar}>
      <span aria-hidden className={classes.icon}>
        {icon}
      </span>
      <p>{children}</p>
      {end && <div className={classes.end}>{end}</div>}
    </div>
  )
}
