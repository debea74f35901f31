import { useMediaQuery } from '@mantine/hooks'

/** Below 48em, where dialogs fill the screen and controls go under their labels. */
export function useIsPhone(): boolean {
  return useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
}
