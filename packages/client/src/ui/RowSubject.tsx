import type { ReactNode } from 'react'
import { RowText } from './RowText.tsx'
import classes from './RowSubject.module.css'

interface RowSubjectProps {
  icon: ReactNode
  name: ReactNode
  /** Beside the name: pills and states. */
  marks?: ReactNode
  /** What is known of it, in a line. */
  meta: ReactNode
}

/** What a row of a list is about: the first two columns of its grid. */
export function RowSubject({ icon, name, marks, meta }: RowSubjectProps) {
  return (
    <>
      <span aria-hidden className={classes.icon}>
        {icon}
      </span>
      <RowText name={name} marks={marks} meta={meta} />
    </>
  )
}
