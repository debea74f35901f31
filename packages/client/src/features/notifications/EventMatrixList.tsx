import { useLingui } from '@lingui/react/macro'
import { Checkbox } from '@mantine/core'
import { useId } from 'react'
import { Card } from '../../ui/Card.tsx'
import { ColumnsOff, columnOffId } from './ColumnsOff.tsx'
import { NotSaved } from './NotSaved.tsx'
import { type Category, type Column, type EventMatrixProps, type Preference } from './event-matrix.ts'
import { type EventPreferences } from './use-event-preferences.ts'
import classes from './EventMatrixList.module.css'

/** The matrix on a phone: each event with toggles that a thumb can hit. */
export function EventMatrixList({ categories, columns, boxes }: EventMatrixProps) {
  return (
    <>
      <ColumnsOff columns={columns} />
      {categories.map((category) => (
        <CategorySection key={category.name} category={category} columns={columns} boxes={boxes} />
      ))}
    </>
  )
}

interface CategorySectionProps {
  category: Category
  columns: Column[]
  boxes: EventPreferences
}

function CategorySection({ category, columns, boxes }: CategorySectionProps) {
  const headingId = useId()

  return (
    <section aria-labelledby={headingId} className={classes.category}>
      <h2 id={headingId}>{category.name}</h2>
      <Card>
        {category.preferences.map((preference) => {
          const { id, name } = preference.eventType
          return (
            <div key={id} className={classes.event}>
              <div className={classes.name}>
                {name}
                <NotSaved refused={boxes.refused} eventTypes={[id]} />
              </div>
              <div className={classes.toggles}>
                {columns.map((column) => (
                  <Toggle key={column.channel} column={column} preference={preference} boxes={boxes} />
                ))}
              </div>
            </div>
          )
        })}
      </Card>
    </section>
  )
}

interface ToggleProps {
  column: Column
  preference: Preference
  boxes: EventPreferences
}

function Toggle({ column, preference, boxes }: ToggleProps) {
  const { i18n } = useLingui()
  const { channel, label, boxName, missing } = column
  const { id, name } = preference.eventType
  const on = boxes.isOn(channel, preference)
  const boxId = `${channel}-${id}`
  return (
    <label
      className={classes.toggle}
      data-on={on || undefined}
      data-off={missing !== null || undefined}
      htmlFor={boxId}
    >
      <Checkbox
        id={boxId}
        aria-label={i18n._({ ...boxName, values: { name } })}
        aria-describedby={columnOffId(column)}
        disabled={missing !== null}
        checked={on}
        onChange={(event) => boxes.set(channel, [preference], event.currentTarget.checked)}
      />
      {i18n._(label)}
    </label>
  )
}
