import { useLingui } from '@lingui/react/macro'
import type { MantineColorScheme } from '@mantine/core'

export interface ThemeChoices {
  all: { value: MantineColorScheme; label: string }[]
  /** The choice of that value; "auto" for what is none. */
  parse: (value: string) => MantineColorScheme
}

/** Light, dark, or as the device has it. */
export function useThemeChoices(): ThemeChoices {
  const { t } = useLingui()
  const all: ThemeChoices['all'] = [
    { value: 'light', label: t`Light` },
    { value: 'dark', label: t`Dark` },
    { value: 'auto', label: t`Automatic` },
  ]
  return { all, parse: (value) => all.find((choice) => choice.value === value)?.value ?? 'auto' }
}
