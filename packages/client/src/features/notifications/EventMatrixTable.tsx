import { Trans, useLingui } from '@lingui/react/macro'
import { Checkbox } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { Card } from '../../ui/Card.tsx'
import { NotSaved } from './NotSaved.tsx'
import { type EventMatrixProps, type Preference } from './event-matrix.ts'
import classes from './EventMatrixTable.module.css'

/** The matrix on a desk. The box of a category stands for all of its events. */
export function EventMatrixTable({ categories, inApp }: EventMatrixProps) {
  const { t } = useLingui()
  return (
    <Card>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Event</Trans>
            </th>
            <th scope="col" className={classes.channel}>
              <span>
                <IconBell aria-hidden size={16} stroke={1.7} /> <Trans>In-app</Trans>
              </span>
            </th>
          </tr>
        </thead>
        {categories.map(({ name, preferences }) => {
          const on = preferences.filter(inApp.isOn).length
          const all = on === preferences.length
          const ids = preferences.map(({ eventType }) => eventType.id)
          return (
            <tbody key={name}>
              <tr className={classes.category}>
                <th scope="rowgroup">
                  {name}
                  {ids.length > 1 && <NotSaved refused={inApp.refused} eventTypes={ids} />}
                </th>
                <td className={classes.channel}>
                  <Checkbox
                    aria-label={t`${name}, in-app`}
                    checked={all}
                    indeterminate={on > 0 && !all}
                    onChange={() => inApp.set(preferences, !all)}
                  />
                </td>
              </tr>
              {preferences.map((preference) => (
                <EventRow key={preference.eventType.id} preference={preference} inApp={inApp} />
              ))}
            </tbody>
          )
        })}
      </table>
    </Card>
  )
}

function EventRow({ preference, inApp }: { preference: Preference; inApp: EventMatrixProps['inApp'] }) {
  const { t } = useLingui()
  const { id, name } = preference.eventType
  const boxId = `in-app-${id}`
  return (
    <tr className={classes.event}>
      <th scope="row">
        <label htmlFor={boxId}>{name}</label>
        <NotSaved refused={inApp.refused} eventTypes={[id]} />
      </th>
      <td className={classes.channel}>
        <Checkbox
          id={boxId}
          aria-label={t`${name}, in-app`}
          checked={inApp.isOn(preference)}
          onChange={(event) => inApp.set([preference], event.currentTarget.checked)}
        />
      </td>
    </tr>
  )
}
