import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import classes from './StartingPage.module.css'

/** While it is not known yet who is there and what to show them. */
export function StartingPage() {
  return (
    <main className={classes.page}>
      <SkeletonRows rows={6} />
    </main>
  )
}
