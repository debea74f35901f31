import { Trans } from '@lingui/react/macro'
import { type ReactNode, useEffect, useRef } from 'react'
import { Pill } from '../../ui/Pill.tsx'
import { type Provable } from './address-state.ts'
import { AddressStateText } from './AddressStateText.tsx'
import classes from './AddressRow.module.css'

interface AddressRowProps {
  icon: ReactNode
  /** As the person reads it. */
  name: string
  address: Provable & { primary: boolean }
  /** What is known of it, in a line. */
  meta: ReactNode
  /** What is most often done with it. */
  action?: ReactNode
  menu: ReactNode
  /** Whether its first button takes the focus, as what had it is gone: the field of a code that was right. */
  takesFocus: boolean
  /** Boxes below: why it is blocked, a code to enter, how a test goes. */
  children?: ReactNode
}

/** One email or phone of the list. */
export function AddressRow(props: AddressRowProps) {
  const { icon, name, address, meta, action, menu, takesFocus, children } = props
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (takesFocus) row.current?.querySelector('button')?.focus()
  }, [takesFocus])

  return (
    <li ref={row} className={classes.row}>
      <span aria-hidden className={classes.icon}>
        {icon}
      </span>
      <div className={classes.text}>
        <p className={classes.head}>
          <span className={classes.name}>{name}</span>
          {address.primary && (
            <Pill>
              <Trans>Primary</Trans>
            </Pill>
          )}
          <AddressStateText address={address} />
        </p>
        <p className={classes.meta}>{meta}</p>
      </div>
      {action && <div className={classes.action}>{action}</div>}
      <div className={classes.menu}>{menu}</div>
      <div className={classes.boxes}>{children}</div>
    </li>
  )
}
