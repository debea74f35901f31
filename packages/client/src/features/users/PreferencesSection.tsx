import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { SegmentedControl, Select, Switch } from '@mantine/core'
import { languageOptions, parseLanguage } from '../../app/languages.ts'
import { useThemeChoices } from '../../app/theme-choices.ts'
import {
  type LandingPage,
  type PreferencesSection_UserFragment,
  PreferencesSection_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { Card } from '../../ui/Card.tsx'
import { SettingRow } from '../../ui/SettingRow.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { useColorScheme } from '../../ui/use-color-scheme.ts'
import { PushPreferenceRows } from './PushPreferenceRows.tsx'
import { TimeZoneRow } from './TimeZoneRow.tsx'
import { rowsPerPageOptions } from './rows-per-page-options.ts'
import { usePreference } from './use-preference.ts'

/** How Lanyard looks and speaks to the person. Each row saves by itself, as soon as it is changed. */
export function PreferencesSection(props: { user: FragmentType<PreferencesSection_UserFragment> }) {
  const { t } = useLingui()
  const { data: user } = useSuspenseFragment({
    fragment: PreferencesSection_UserFragmentDoc,
    fragmentName: 'PreferencesSection_user',
    from: props.user,
  })

  return (
    <SettingsSection
      title={t`Preferences`}
      scope="global"
      help={t`These follow you into every account and save as you change them.`}
    >
      <Card>
        <LanguageRow user={user} />
        <TimeZoneRow stored={user.timeZone} />
        <LandingPageRow user={user} />
        <RowsPerPageRow user={user} />
        <PushPreferenceRows user={user} />
        <ThemeRow />
        <EmojiModeRow user={user} />
      </Card>
    </SettingsSection>
  )
}

type Row = { user: PreferencesSection_UserFragment }

function LanguageRow({ user }: Row) {
  const { t } = useLingui()
  const { value, change, state } = usePreference('language', user.language)
  return (
    <SettingRow
      label={t`Language`}
      help={t`The page, and what Lanyard writes to you.`}
      control="wide"
      save={state}
    >
      {({ input }) => (
        <Select
          {...input}
          allowDeselect={false}
          data={languageOptions}
          value={value}
          onChange={(chosen) => change(parseLanguage(chosen) ?? value)}
        />
      )}
    </SettingRow>
  )
}

function LandingPageRow({ user }: Row) {
  const { t } = useLingui()
  const { value, change, state } = usePreference('landingPage', user.landingPage)
  const names: Record<LandingPage, string> = {
    USER_PROFILE: t`User Profile`,
    LAST_VISITED: t`Last visited page`,
  }
  const options = user.landingPageOptions.map((page) => ({ value: page, label: names[page] }))
  return (
    <SettingRow
      label={t`Default page on login`}
      help={t`Where you arrive after signing in.`}
      control="wide"
      save={state}
    >
      {({ input }) => (
        <Select
          {...input}
          allowDeselect={false}
          data={options}
          value={value}
          onChange={(chosen) => change(options.find((option) => option.value === chosen)?.value ?? value)}
        />
      )}
    </SettingRow>
  )
}

function RowsPerPageRow({ user }: Row) {
  const { t } = useLingui()
  const { value, change, state } = usePreference('rowsPerPage', user.rowsPerPage)
  return (
    <SettingRow
      label={t`Rows per page`}
      help={t`In lists, before “Show more”.`}
      control="wide"
      save={state}
    >
      {({ labelId, describedBy }) => (
        <SegmentedControl
          fullWidth
          aria-labelledby={labelId}
          aria-describedby={describedBy}
          data={rowsPerPageOptions(user.rowsPerPage)}
          value={String(value)}
          onChange={(chosen) => change(Number(chosen))}
        />
      )}
    </SettingRow>
  )
}

function ThemeRow() {
  const { t } = useLingui()
  const [colorScheme, setColorScheme] = useColorScheme()
  const choices = useThemeChoices()
  return (
    <SettingRow label={t`Theme`} help={t`Kept on this device only.`} control="wide">
      {({ labelId, describedBy }) => (
        <SegmentedControl
          fullWidth
          aria-labelledby={labelId}
          aria-describedby={describedBy}
          data={choices.all}
          value={colorScheme}
          onChange={(chosen) => setColorScheme(choices.parse(chosen))}
        />
      )}
    </SettingRow>
  )
}

function EmojiModeRow({ user }: Row) {
  const { t } = useLingui()
  const { value, change, state } = usePreference('emojiMode', user.emojiMode)
  return (
    <SettingRow
      label={t`Emoji mode`}
      help={t`Shows emoji in the navigation.`}
      control="switch"
      save={state}
    >
      {({ id, describedBy }) => (
        <Switch
          id={id}
          aria-describedby={describedBy}
          checked={value}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      )}
    </SettingRow>
  )
}
