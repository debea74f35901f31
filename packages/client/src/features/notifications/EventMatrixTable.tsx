import { Trans, useLingui } from '@lingui/react/macro'
import { Checkbox } from '@mantine/core'
import { Card } from '../../ui/Card.tsx'
import { ColumnsOff, columnOffId } from './ColumnsOff.tsx'
import { NotSaved } from './NotSaved.tsx'
import { type Category, type Column, type EventMatrixProps, type Preference } from './event-matrix.ts'
import { type EventPreferences } from './use-event-preferences.ts'
import classes from './EventMatrixTable.module.css'

/** The matrix on a desk. The box of a category stands for all of its events. */
export function EventMatrixTable({ categories, columns, boxes }: EventMatrixProps) {
  const { i18n } = useLingui()
  return (
    <Card>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Event</Trans>
            </th>
            {columns.map(({ channel, label, icon: Icon, missing }) => (
              <th
                key={channel}
                scope="col"
                className={classes.channel}
                data-off={missing !== null || undefined}
              >
                <span>
                  <Icon aria-hidden size={16} stroke={1.7} /> {i18n._(label)}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        {categories.map((category) => (
          <tbody key={category.name}>
            <CategoryRow category={category} columns={columns} boxes={boxes} />
            {category.preferences.map((preference) => (
              <EventRow
                key={preference.eventType.id}
                preference={preference}
                columns={columns}
                boxes={boxes}
              />
            ))}
          </tbody>
        ))}
      </table>
      <ColumnsOff columns={columns} />
    </Card>
  )
}

interface CategoryRowProps {
  category: Category
  columns: Column[]
  boxes: EventPreferences
}

function CategoryRow({ category: { name, preferences }, columns, boxes }: CategoryRowProps) {
  const { i18n } = useLingui()
  const ids = preferences.map(({ eventType }) => eventType.id)
  return (
    <tr className={classes.category}>
      <th scope="rowgroup">
        {name}
        {ids.length > 1 && <NotSaved refused={boxes.refused} eventTypes={ids} />}
      </th>
      {columns.map((column) => {
        const { channel, missing } = column
        const on = preferences.filter((preference) => boxes.isOn(channel, preference)).length
        const all = on === preferences.length
        return (
          <td key={channel} className={classes.channel}>
            {!missing && (
              <Checkbox
                aria-label={i18n._({ ...column.boxName, values: { name } })}
                checked={all}
                indeterminate={on > 0 && !all}
                onChange={() => boxes.set(channel, preferences, !all)}
              />
            )}
          </td>
        )
      })}
    </tr>
  )
}

interface EventRowProps {
  preference: Preference
  columns: Column[]
  boxes: EventPreferences
}

function EventRow({ preference, columns, boxes }: EventRowProps) {
  const { i18n } = useLingui()
  const { id, name } = preference.eventType
  return (
    <tr className={classes.event}>
      <th scope="row">
        {name}
        <NotSaved refused={boxes.refused} eventTypes={[id]} />
      </th>
      {columns.map((column) => {
        const { channel, missing } = column
        return (
          <td key={channel} className={classes.channel}>
            <Checkbox
              aria-label={i18n._({ ...column.boxName, values: { name } })}
              aria-describedby={columnOffId(column)}
              disabled={missing !== null}
              checked={boxes.isOn(channel, preference)}
              onChange={(event) => boxes.set(channel, [preference], event.currentTarget.checked)}
            />
          </td>
        )
      })}
    </tr>
  )
}
