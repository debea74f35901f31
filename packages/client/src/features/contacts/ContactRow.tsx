import { type ReactNode, useEffect, useRef } from 'react'
import { RowSubject } from '../../ui/RowSubject.tsx'
import classes from './ContactRow.module.css'

interface ContactRowProps {
  icon: ReactNode
  /** As the person reads it. */
  name: string
  /** Beside the name: pills and the state. */
  marks: ReactNode
  /** What is known of it, in a line. */
  meta: ReactNode
  /** What is most often done with it. */
  action?: ReactNode
  menu: ReactNode
  /** Whether its first button takes the focus, as what had it is gone: the field of a code that was right. */
  takesFocus?: boolean
  /** Boxes below: why it is blocked, a code to enter, how a test goes. */
  children?: ReactNode
}

/** One way to reach the person, in its list: an address, a device, a Slack account. */
export function ContactRow(props: ContactRowProps) {
  const { icon, name, marks, meta, action, menu, takesFocus = false, children } = props
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (takesFocus) row.current?.querySelector('button')?.focus()
  }, [takesFocus])

  return (
    <li ref={row} className={classes.row}>
      <RowSubject
        icon={icon}
        name={<span className={classes.name}>{name}</span>}
        marks={marks}
        meta={<span className={classes.meta}>{meta}</span>}
      />
      {action && <div className={classes.action}>{action}</div>}
      <div className={classes.menu}>{menu}</div>
      <div className={classes.boxes}>{children}</div>
    </li>
  )
}
