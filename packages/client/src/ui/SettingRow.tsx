import { type ReactNode, useId } from 'react'
import { SaveStatus } from './SaveStatus.tsx'
import type { SaveState } from './use-save.ts'
import classes from './SettingRow.module.css'

/** What the control of a row must carry, so that label and help belong to it. */
export interface RowControl {
  id: string
  labelId: string
  describedBy: string
  /** All of it for Mantine's `Select`, which overwrites an `aria-describedby` that it is given. */
  input: { id: string; attributes: { input: { 'aria-describedby': string } } }
}

interface SettingRowProps {
  label: ReactNode
  help?: ReactNode
  /** A switch stays at the right on a phone; anything wider goes under its label. */
  control: 'wide' | 'switch'
  save?: SaveState
  children: (control: RowControl) => ReactNode
}

/** One setting: label and help left, control right; while it is being saved the help line says so. */
export function SettingRow({ label, help, control, save, children }: SettingRowProps) {
  const id = useId()
  const describedBy = `${id}-help`
  const input = { id, attributes: { input: { 'aria-describedby': describedBy } } }
  const row: RowControl = { id, labelId: `${id}-label`, describedBy, input }
  const saving = save && save.status !== 'idle'

  return (
    <div className={classes.row} data-control={control} aria-busy={save?.status === 'saving'}>
      <div className={classes.text}>
        <label className={classes.label} id={row.labelId} htmlFor={id}>
          {label}
        </label>
        <div className={classes.help} id={row.describedBy}>
          {saving ? <SaveStatus state={save} /> : help}
        </div>
      </div>
      <div className={classes.control}>{children(row)}</div>
    </div>
  )
}
