import type { ReactNode } from 'react'
import { RowSubject } from '../../ui/RowSubject.tsx'
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
      <RowSubject icon={icon} name={name} marks={mark} meta={meta} />
      {end}
    </li>
  )
}
