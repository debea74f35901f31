import classes from './Avatar.module.css'

/** A person's initials, drawn and not written: the name stands beside it, or on the link around it. */
export function Avatar({ name, size = 'md' }: { name: string; size?: 'sm' | 'md' | 'lg' | 'xl' }) {
  return <span aria-hidden className={classes.avatar} data-size={size} data-initials={initialsOf(name)} />
}

/** The first letters of the first and the last word: "ML" of "Mara Lindqvist", "I" of "Imre". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  )
  return letters.join('').toLocaleUpperCase()
}
