import { Trans } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { Card } from './Card.tsx'
import classes from './SkeletonRows.module.css'

/** Most answers are there sooner; a skeleton that flashes is worse than none. */
const delayMilliseconds = 200

/** The shape of a list that is being loaded: nothing at first, then grey rows of the true height. */
export function SkeletonRows({ rows = 3 }: { rows?: number }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), delayMilliseconds)
    return () => clearTimeout(timer)
  }, [])

  return (
    <div aria-busy className={classes.skeleton} data-shown={shown}>
      <span className="ly-visually-hidden">
        <Trans>Loading…</Trans>
      </span>
      <Card>
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} aria-hidden className={classes.row}>
            <span className={classes.icon} />
            <span className={classes.lines}>
              <span />
              <span />
            </span>
            <span className={classes.control} />
          </div>
        ))}
      </Card>
    </div>
  )
}
