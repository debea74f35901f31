import type { MessageDescriptor } from '@lingui/core'

import { localeOf } from '../../language.ts'
import { BoundedCache } from '../../lib/bounded-cache.ts'
import { isTimeZone } from '../../lib/time-zones.ts'
import { translate } from '../../translations.ts'
import type { Scene } from './scene.ts'

type Listener = Pick<Scene, 'language' | 'timeZone'>

/** Making one takes longer than writing a message. */
const formats = new BoundedCache<Intl.DateTimeFormat>(20_000)

/** A text of the catalogue in the recipient's language, with what stands in its braces. */
export function say(
  { language }: Pick<Scene, 'language'>,
  text: MessageDescriptor,
  values: Record<string, string | number> = {},
): string {
  return translate(language, { ...text, values })
}

/** A label before its value: French sets a space before the colon. */
export function withColon(scene: Pick<Scene, 'language'>, label: string): string {
  return say(scene, /*i18n*/ { id: 'message.label', message: '{label}:' }, { label })
}

/** An instant as a clock on the recipient's wall shows it, with the name of the zone. */
export function sayWhen(listener: Listener, at: string): string {
  return formatFor(listener).format(new Date(at))
}

function formatFor({ language, timeZone }: Listener): Intl.DateTimeFormat {
  const key = `${language} ${timeZone}`
  const known = formats.get(key)
  if (known) return known
  const format = new Intl.DateTimeFormat(localeOf[language], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'long',
    // A server with newer tables may have stored a zone that this one does not know.
    timeZone: isTimeZone(timeZone) ? timeZone : 'UTC',
  })
  formats.set(key, format)
  return format
}
