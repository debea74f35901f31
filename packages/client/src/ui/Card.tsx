import type { ReactNode } from 'react'
import classes from './Card.module.css'

/** A surface with a hairline round it. Its `CardRow`s are parted by hairlines. */
export function Card({ children }: { children: ReactNode }) {
  return <div className={classes.card}>{children}</div>
}

/** A list is one card, not many. */
export function CardList({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <ul className={classes.card} aria-label={label}>
      {children}
    </ul>
  )
}

interface CardRowProps {
  icon?: ReactNode
  /** At the right; under the text on a phone. */
  end?: ReactNode
  children: ReactNode
}

/** One thing of a `CardList`: an icon, what it is, and its state or its actions. */
export function CardRow({ icon, end, children }: CardRowProps) {
  return (
    <li className={classes.row}>
      {icon && (
        <span aria-hidden className={classes.icon}>
          {icon}
        </span>
      )}
      <div className={classes.text}>{children}</div>
      {end && <div className={classes.end}>{end}</div>}
    </li>
  )
}
