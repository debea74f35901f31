import {
  type CSSVariablesResolver,
  type MantineThemeOverride,
  Button,
  Input,
  Switch,
  createTheme,
} from '@mantine/core'

/** The design in Mantine's terms. Colours are mapped to the roles of tokens.css by `themeVariables`. */
export const theme: MantineThemeOverride = createTheme({
  primaryColor: 'cobalt',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  colors: {
    cobalt: [
      '#EEF1FD',
      '#DDE3FB',
      '#C6CFF5',
      '#A3B3FF',
      '#7F92F2',
      '#6378E8',
      '#4A61DC',
      '#3650C8',
      '#2B42AE',
      '#22358B',
    ],
    dark: [
      '#E6E9EE',
      '#A6AEBB',
      '#8D95A3',
      '#69727F',
      '#3A414C',
      '#262B33',
      '#1B1F26',
      '#14171C',
      '#101318',
      '#0C0E12',
    ],
  },
  fontFamily:
    "'Inter Variable', 'Inter Fallback', system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace:
    "'JetBrains Mono Variable', ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: 'var(--ly-font-body)', lg: '1rem', xl: '1.25rem' },
  fontWeights: { regular: '400', medium: '500', bold: '600' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '999px' },
  shadows: {
    sm: 'var(--ly-shadow)',
    md: 'var(--ly-shadow)',
    lg: 'var(--ly-shadow)',
    xl: 'var(--ly-shadow)',
  },
  components: {
    Button: Button.extend({
      defaultProps: { size: 'sm' },
      vars: (_theme, { size }) => ({
        root: {
          '--button-height': `var(--ly-height-${size ?? 'sm'})`,
          '--button-padding-x': size === 'xs' ? '0.625rem' : '0.8125rem',
          '--button-fz': size === 'xs' ? 'var(--mantine-font-size-sm)' : 'var(--mantine-font-size-md)',
        },
      }),
    }),
    Input: Input.extend({
      defaultProps: { size: 'sm' },
      vars: (_theme, { size }) => ({
        wrapper: {
          '--input-height': size === 'md' ? 'var(--ly-height-md)' : 'var(--ly-height-input)',
          '--input-fz': 'var(--ly-font-input)',
        },
      }),
    }),
    // Not `ModalRoot.extend`, which would bring the dialog's code into every page.
    ModalRoot: {
      defaultProps: { radius: 'lg', centered: true, lockScroll: false, transitionProps: { duration: 180 } },
    },
    // The page is held still by `useScrollLock`.
    DrawerRoot: { defaultProps: { lockScroll: false } },
    // A list to choose from opens where its field is, inside the landmarks of the page.
    Select: { defaultProps: { comboboxProps: { withinPortal: false }, withScrollArea: false } },
    Switch: Switch.extend({ defaultProps: { size: 'sm', withThumbIndicator: false } }),
  },
})

/** Lets Mantine's own colours follow the roles, in both colour schemes. */
export const themeVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: roleVariables,
  dark: roleVariables,
})

const roleVariables = {
  '--mantine-color-body': 'var(--ly-surface)',
  '--mantine-color-text': 'var(--ly-text)',
  '--mantine-color-bright': 'var(--ly-text)',
  '--mantine-color-dimmed': 'var(--ly-text2)',
  '--mantine-color-placeholder': 'var(--ly-text3)',
  '--mantine-color-anchor': 'var(--ly-accent-text)',
  '--mantine-color-error': 'var(--ly-danger-text)',
  '--mantine-color-default': 'var(--ly-surface)',
  '--mantine-color-default-hover': 'var(--ly-hover)',
  '--mantine-color-default-color': 'var(--ly-text)',
  '--mantine-color-default-border': 'var(--ly-control)',
  '--mantine-color-disabled': 'var(--ly-sunken)',
  '--mantine-color-disabled-color': 'var(--ly-text3)',
  '--mantine-color-disabled-border': 'var(--ly-line)',
  '--mantine-primary-color-filled': 'var(--ly-accent)',
  '--mantine-primary-color-filled-hover': 'var(--ly-accent-hover)',
  '--mantine-primary-color-light': 'var(--ly-accent-tint)',
  '--mantine-primary-color-light-hover': 'var(--ly-accent-line)',
  '--mantine-primary-color-light-color': 'var(--ly-accent-text)',
  '--mantine-color-cobalt-filled': 'var(--ly-accent)',
  '--mantine-color-cobalt-filled-hover': 'var(--ly-accent-hover)',
  '--mantine-color-cobalt-light': 'var(--ly-accent-tint)',
  '--mantine-color-cobalt-light-hover': 'var(--ly-accent-tint)',
  '--mantine-color-cobalt-light-color': 'var(--ly-accent-text)',
  '--mantine-color-cobalt-outline': 'var(--ly-accent-text)',
  '--mantine-color-red-filled': 'var(--ly-danger)',
  '--mantine-color-red-filled-hover': 'var(--ly-danger-hover)',
  '--mantine-color-red-light': 'var(--ly-danger-tint)',
  '--mantine-color-red-light-color': 'var(--ly-danger-text)',
  '--mantine-color-red-outline': 'var(--ly-danger-text)',
  '--mantine-color-red-outline-hover': 'var(--ly-danger-tint)',
}
