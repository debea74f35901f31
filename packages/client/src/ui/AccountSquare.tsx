import { hueOf } from './hue.ts'
import classes from './AccountSquare.module.css'

/** The mark of an account: its first letter on its own hue, drawn and not written: the name stands beside it. */
export function AccountSquare({ name, size = 'sm' }: { name: string; size?: 'sm' | 'md' }) {
  const letter = [...name][0]?.toLocaleUpperCase()
  return (
    <span
      aria-hidden
      className={classes.square}
      data-size={size}
      data-letter={letter}
      style={{ backgroundColor: hueOf(name) }}
    />
  )
}
