import type { ReactNode } from 'react'
import classes from './SecurityRow.module.css'

interface SecurityRowProps {
  icon: ReactNode
  name: string
  /** Beside the name, as a pill. */
  mark?: ReactNode
  /** What is known of it, in a line. */
  meta: ReactNode
  /** What can be done with it; at the right, on a phone too. */
  end?: ReactNode
}

/** One passkey or one session, in its list. */
export function SecurityRow({ icon, name, mark, meta, end }: SecurityRowProps) {
  return (
    <li className={classes.row}>
      <span aria-hidden className={classes.icon}>
        {icon}
      </span>
      <div className={classes.text}>
        <p className={classes.head}>
          <span className={classes.name}>{name}</span>
          {mark}
        </p>
        <p className={classes.meta}>{meta}</p>
      </div>
      {end}
    </li>
  )
}
