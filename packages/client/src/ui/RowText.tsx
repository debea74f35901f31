import type { ReactNode } from 'react'
import classes from './RowText.module.css'

interface RowTextProps {
  name: ReactNode
  /** Beside the name: pills and states. */
  marks?: ReactNode
  /** What is known of it, in a line. */
  meta: ReactNode
  /** A further line. */
  note?: ReactNode
}

/** What a row of a list says, beside its icon or picture. */
export function RowText({ name, marks, meta, note }: RowTextProps) {
  return (
    <div>
      <p className={classes.head}>
        <span className={classes.name}>{name}</span>
        {marks}
      </p>
      <p className={classes.meta}>{meta}</p>
      {note && <p className={classes.meta}>{note}</p>}
    </div>
  )
}
