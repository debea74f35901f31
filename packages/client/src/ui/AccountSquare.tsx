import { hueOf } from './hue.ts'
import classes from './AccountSquare.module.css'

/** The mark of an account: its first letter on its own hue. Decoration: the name stands beside it. */
export function AccountSquare({ name, size = 'sm' }: { name: string; size?: 'sm' | 'md' }) {
  return (
    <span aria-hidden className={classes.square} data-size={size} style={{ backgroundColor: hueOf(name) }}>
      {[...name][0]?.toLocaleUpperCase()}
    </span>
  )
}
