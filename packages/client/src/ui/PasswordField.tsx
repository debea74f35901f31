import { useLingui } from '@lingui/react/macro'
import { PasswordInput, type PasswordInputProps } from '@mantine/core'

interface PasswordFieldProps extends Omit<PasswordInputProps, 'onChange' | 'value'> {
  autoComplete: 'current-password' | 'new-password'
  value: string
  onChange: (value: string) => void
}

/** A password, which can be looked at while it is typed. */
export function PasswordField({ onChange, ...others }: PasswordFieldProps) {
  const { t } = useLingui()
  return (
    <PasswordInput
      // Mantine marks the field of this input for the eye only.
      aria-invalid={others.error ? true : undefined}
      visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the password` }}
      {...others}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
