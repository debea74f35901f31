import {
  DEFAULT_THEME,
  convertCssVariables,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core'
import type { Plugin } from 'vite'
import { theme, themeVariables } from '../src/ui/theme.ts'

const sheet = 'virtual:theme-variables.css'
/** As a path, or Vite would not take it for a stylesheet. */
const path = `/@${sheet}`

/**
 * The stylesheet `virtual:theme-variables.css`: Mantine's variables where our theme has other values than its own.
 * Mantine would write them into a `<style>` element when the page starts, which the page's policy refuses.
 */
export function themeVariablesSheet(): Plugin {
  return {
    name: 'lanyard:theme-variables',
    resolveId: (id) => (id === sheet || id === path ? path : undefined),
    load: (id) => (id === path ? themeStyles() : undefined),
  }
}

function themeStyles(): string {
  const usual = defaultCssVariablesResolver(DEFAULT_THEME)
  const merged = mergeMantineTheme(DEFAULT_THEME, theme)
  const ours = defaultCssVariablesResolver(merged)
  const roles = themeVariables(merged)
  return convertCssVariables({
    variables: differing(usual.variables, { ...ours.variables, ...roles.variables }),
    light: differing(usual.light, { ...ours.light, ...roles.light }),
    dark: differing(usual.dark, { ...ours.dark, ...roles.dark }),
  })
}

function differing(usual: object, wanted: Record<string, string>): Record<string, string> {
  const values = new Map<string, unknown>(Object.entries(usual))
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => values.get(name) !== value))
}
