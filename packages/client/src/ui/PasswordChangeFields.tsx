import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { PasswordField } from './PasswordField.tsx'
import classes from './PasswordChangeFields.module.css'

export interface PasswordChange {
  current: string
  next: string
  again: string
}

export const noPasswordChange: PasswordChange = { current: '', next: '', again: '' }

interface PasswordChangeFieldsProps {
  value: PasswordChange
  onChange: (value: PasswordChange) => void
  /** What is wrong with the first two, in words. */
  problems: { current?: string | undefined; next?: string | undefined }
  /** Whether saving was tried: then a difference is named at once, else once the last field is left. */
  tried: boolean
  maxLength: number
}

/** The password as it is, a new one, and the new one again. */
export function PasswordChangeFields(props: PasswordChangeFieldsProps) {
  const { value, onChange, problems, tried, maxLength } = props
  const { t } = useLingui()
  const [left, setLeft] = useState(false)
  const differs = value.next !== value.again && (tried || (left && value.again !== ''))

  return (
    <div className={classes.fields}>
      <PasswordField
        label={t`Current password`}
        autoComplete="current-password"
        maxLength={maxLength}
        value={value.current}
        error={problems.current}
        onChange={(current) => onChange({ ...value, current })}
      />
      <PasswordField
        label={t`New password`}
        autoComplete="new-password"
        maxLength={maxLength}
        value={value.next}
        error={problems.next}
        onChange={(next) => onChange({ ...value, next })}
      />
      <PasswordField
        label={t`New password again`}
        autoComplete="new-password"
        maxLength={maxLength}
        value={value.again}
        error={differs && t`The two do not match.`}
        onBlur={() => setLeft(true)}
        onChange={(again) => onChange({ ...value, again })}
      />
    </div>
  )
}
