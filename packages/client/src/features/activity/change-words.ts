import type { I18n, MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { channelNames, isChannel } from '../../app/channel-names.ts'
import { soundNames, thresholdNames } from '../../app/push-words.ts'
import type { TimeFormat } from '../../ui/TimeFormat.tsx'

/** What the server calls a field, in words. A field that is not here is shown as it is. */
const fieldNames: Readonly<Record<string, MessageDescriptor>> = {
  name: msg`Name`,
  username: msg`Username`,
  publicName: msg`Public name`,
  language: msg`Language`,
  timeZone: msg`Time zone`,
  emojiMode: msg`Emoji mode`,
  rowsPerPage: msg`Rows per page`,
  landingPage: msg`Default page on login`,
  appNotificationPersistent: msg`Persistent app notifications`,
  appNotificationSound: msg`App notification sound`,
  pushShowsContent: msg`Content on a locked screen`,
  notificationChannels: msg`Default channels`,
  notificationRule: msg`Notification rule`,
  expiresAt: msg`Expires`,
  oldTokenWorksUntil: msg`Old token works until`,
  readOnly: msg`Read only`,
  longestTokenDays: msg`Days at most`,
  accessToken: msg`Access token`,
}

const valueNames: Readonly<Record<string, Readonly<Record<string, MessageDescriptor>>>> = {
  emojiMode: { true: msg`on`, false: msg`off` },
  appNotificationPersistent: thresholdNames,
  appNotificationSound: soundNames,
  pushShowsContent: { true: msg`shown`, false: msg`hidden` },
  readOnly: { true: msg`yes`, false: msg`no` },
  landingPage: { USER_PROFILE: msg`User Profile`, LAST_VISITED: msg`Last visited page` },
}

const languageTags: Readonly<Record<string, string>> = { EN: 'en', ES: 'es', FR: 'fr', DE: 'de', NL: 'nl' }

const instants: ReadonlySet<string> = new Set(['expiresAt', 'oldTokenWorksUntil'])

/** What words need to be found; `eventNames` is the catalogue, by id. */
export interface Dictionary {
  i18n: I18n
  format: TimeFormat
  eventNames: ReadonlyMap<string, string>
}

export function fieldInWords(field: string, { i18n, eventNames }: Dictionary): string {
  const name = fieldNames[field]
  return name ? i18n._(name) : (eventNames.get(field) ?? field)
}

/** Null is a value that was not there; an event, or an alert, without channels reaches nobody. */
export function valueInWords(field: string, value: string | null, dictionary: Dictionary): string {
  const { i18n, format, eventNames } = dictionary
  if (value === null) return i18n._(msg`none`)
  if (eventNames.has(field) || field === 'notificationChannels') return channelsInWords(value, i18n)
  const name = valueNames[field]?.[value]
  if (name) return i18n._(name)

  const tag = field === 'language' ? languageTags[value] : undefined
  if (tag) return new Intl.DisplayNames(i18n.locale, { type: 'language' }).of(tag) ?? value
  if (instants.has(field) && !Number.isNaN(Date.parse(value))) return format.dateTime(new Date(value))
  return value
}

function channelsInWords(value: string, i18n: I18n): string {
  if (value === '') return i18n._(msg`nothing`)
  return value
    .split(', ')
    .map((channel) => (isChannel(channel) ? i18n._(channelNames[channel]) : channel))
    .join(', ')
}
