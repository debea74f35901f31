export interface ZoneOption {
  /** IANA name. */
  value: string
  label: string
  /** In lower case: the label, the zone's name and abbreviation, its country and large cities. */
  searchText: string
}

/** Every zone there is, from west to east. */
export async function zoneOptions(locale: string): Promise<ZoneOption[]> {
  const { getTimeZones } = await import('@vvo/tzdb')
  return getTimeZones().map((zone) => {
    const label = describeZone(zone.name, locale)
    const words = [
      label,
      zoneName(zone.name, locale, 'longGeneric', new Date()),
      zone.name,
      ...zone.group,
      zone.abbreviation,
      zone.countryName,
      ...zone.mainCities,
    ]
    return { value: zone.name, label, searchText: words.join(' ').toLocaleLowerCase() }
  })
}

/** What the control has room for, in characters. */
const longestDescription = 32

/** As "New York, Eastern Time (UTC−5)", in the words of `locale`; a name too long gives way to the offset. */
export function describeZone(timeZone: string, locale: string, at = new Date()): string {
  const city = (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')
  const name = zoneName(timeZone, locale, 'longGeneric', at)
  // The offset is a sign and a number in every language; only the "GMT" before it differs.
  const offset = zoneName(timeZone, 'en', 'shortOffset', at).replace('GMT', 'UTC').replace('-', '−')
  const named = `${city}, ${name} (${offset})`
  return /^(GMT|UTC)/.test(name) || named.length > longestDescription ? `${city} (${offset})` : named
}

function zoneName(
  timeZone: string,
  locale: string,
  style: 'longGeneric' | 'shortOffset',
  at: Date,
): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: style }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}
