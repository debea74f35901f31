import { Trans, useLingui } from '@lingui/react/macro'
import { Checkbox } from '@mantine/core'
import { useId } from 'react'
import { Card } from '../../ui/Card.tsx'
import { NotSaved } from './NotSaved.tsx'
import { type Category, type EventMatrixProps } from './event-matrix.ts'
import classes from './EventMatrixList.module.css'

/** The matrix on a phone: each event with a toggle that a thumb can hit. */
export function EventMatrixList({ categories, inApp }: EventMatrixProps) {
  return categories.map((category) => (
    <CategorySection key={category.name} category={category} inApp={inApp} />
  ))
}

function CategorySection({ category, inApp }: { category: Category; inApp: EventMatrixProps['inApp'] }) {
  const { t } = useLingui()
  const headingId = useId()

  return (
    <section aria-labelledby={headingId} className={classes.category}>
      <h2 id={headingId}>{category.name}</h2>
      <Card>
        {category.preferences.map((preference) => {
          const { id, name } = preference.eventType
          const on = inApp.isOn(preference)
          return (
            <div key={id} className={classes.event}>
              <div className={classes.name}>
                {name}
                <NotSaved refused={inApp.refused} eventTypes={[id]} />
              </div>
              <label className={classes.toggle} data-on={on || undefined} htmlFor={`in-app-${id}`}>
                <Checkbox
                  id={`in-app-${id}`}
                  aria-label={t`${name}, in-app`}
                  checked={on}
                  onChange={(event) => inApp.set([preference], event.currentTarget.checked)}
                />
                <Trans>In-app</Trans>
              </label>
            </div>
          )
        })}
      </Card>
    </section>
  )
}
