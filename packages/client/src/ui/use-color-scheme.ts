import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'

/**
 * The theme and how to choose another, everywhere at once. Mantine would hold the transitions back by a `<style>`
 * element, which the policy of the page refuses; an attribute does the same.
 */
export function useColorScheme(): [MantineColorScheme, (chosen: MantineColorScheme) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  return [
    colorScheme,
    (chosen) => {
      document.documentElement.toggleAttribute('data-still', true)
      setColorScheme(chosen)
      // After the frame that shows the new colours.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => document.documentElement.toggleAttribute('data-still', false)),
      )
    },
  ]
}
