import { useLingui } from '@lingui/react/macro'
import { Select } from '@mantine/core'
import { useState } from 'react'
import { SettingRow } from '../../ui/SettingRow.tsx'
import { timeFormat, useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useNow } from '../../ui/use-now.ts'
import { type ZoneOption, describeZone, zoneOptions } from './time-zones.ts'
import { usePreference } from './use-preference.ts'

/** More than a screen of zones helps nobody; typing narrows them down. */
const shownZones = 60

/** The zone every time of the page is shown in. The list of zones is fetched when it is first wanted. */
export function TimeZoneRow({ stored }: { stored: string }) {
  const { t } = useLingui()
  const { locale } = useTimeFormat()
  const { value, change, state } = usePreference('timeZone', stored)
  const [loaded, setLoaded] = useState<{ locale: string; options: ZoneOption[] }>()
  const now = timeFormat(value, locale).time(useNow())

  const load = () => {
    if (loaded?.locale === locale) return
    void zoneOptions(locale).then((options) => setLoaded({ locale, options }))
  }
  // Read in another language until the list is opened again, they would be in the wrong words.
  const options = loaded?.locale === locale ? loaded.options : []
  const known = options.some((option) => option.value === value)
  const searchTextOf = new Map(options.map((option) => [option.value, option.searchText]))

  return (
    <SettingRow
      label={t`Time zone`}
      help={t`Now ${now} there. Every time on this page uses it.`}
      control="wide"
      save={state}
    >
      {({ input }) => (
        <Select
          id={input.id}
          // A list that scrolls would be a stop of the Tab key, which closes it.
          attributes={{ ...input.attributes, options: { tabIndex: -1 } }}
          searchable
          allowDeselect={false}
          data={known ? options : [{ value, label: describeZone(value, locale) }, ...options]}
          limit={shownZones}
          filter={({ options, search, limit }) => {
            const words = search.toLocaleLowerCase().split(/\s+/)
            const fits = (text: string) => words.every((word) => text.includes(word))
            return options
              .filter(
                (option) =>
                  'value' in option &&
                  fits(searchTextOf.get(option.value) ?? option.label.toLocaleLowerCase()),
              )
              .slice(0, limit)
          }}
          nothingFoundMessage={t`No such zone. Try the name of a large city.`}
          value={value}
          onFocus={load}
          onPointerEnter={load}
          onChange={(chosen) => change(chosen ?? value)}
        />
      )}
    </SettingRow>
  )
}
