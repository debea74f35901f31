import classes from './Logo.module.css'

/** The strap and the card. Decoration: whoever shows it names it. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg aria-hidden className={classes.logo} width={size} height={size} viewBox="0 0 24 24" fill="none">
      <path
        className={classes.loop}
        d="M12 10.6 6.2 4.5C5 3.2 5.8 1.2 7.6 1.2h8.8c1.8 0 2.6 2 1.4 3.3z"
        strokeWidth="2"
        strokeLinejoin="round"
      />
      <rect className={classes.card} x="2.6" y="9.8" width="18.8" height="13" rx="2.8" />
      <path
        className={classes.print}
        d="M8.2 12.7a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8ZM4.9 20.3c.2-1.7 1.5-2.9 3.3-2.9s3.1 1.2 3.3 2.9z"
      />
      <path className={classes.lines} d="M14 14.6h4.6M14 18h3" strokeWidth="1.7" strokeLinecap="round" />
    </svg>
  )
}

/** The logo with a count drawn at its upper right; hidden at 0, "99+" from a hundred on. */
export function LogoWithCount({ count, size = 26 }: { count: number; size?: number }) {
  return (
    <span className={classes.withCount}>
      <Logo size={size} />
      {count > 0 && (
        <span key={count} aria-hidden className={classes.count} data-count={count > 99 ? '99+' : count} />
      )}
    </span>
  )
}
