import { TextInput, type TextInputProps } from '@mantine/core'
import classes from './CodeField.module.css'

interface CodeFieldProps extends Omit<TextInputProps, 'onChange' | 'value'> {
  value: string
  /** Gets digits only: codes are read in groups, so they are pasted with blanks and dashes. */
  onChange: (digits: string) => void
}

const codeLength = 6

/** Six digits of an authenticator app: typed, pasted or filled in. */
export function CodeField({ onChange, ...others }: CodeFieldProps) {
  return (
    <TextInput
      classNames={{ root: classes.field, input: `ly-mono ${classes.code}` }}
      inputMode="numeric"
      autoComplete="one-time-code"
      spellCheck={false}
      {...others}
      onChange={(event) => onChange(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, codeLength))}
    />
  )
}
