import { useTimeFormat } from './TimeFormat.tsx'
import { useNow } from './use-now.ts'

const dayMilliseconds = 86_400_000

/** A past instant within a sentence: "today 02:47", "yesterday 16:31", "3 Nov", with the year when it is another one. */
export function DayTime({ at }: { at: string }) {
  const { absolute, dayKey, locale, time, timeZone } = useTimeFormat()
  const now = useNow()
  const instant = new Date(at)
  const day = dayKey(instant)

  const text = () => {
    const daysAgo = Math.round((Date.parse(dayKey(now)) - Date.parse(day)) / dayMilliseconds)
    if (daysAgo === 0 || daysAgo === 1) {
      const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-daysAgo, 'day')
      return `${word} ${time(instant)}`
    }
    const year = day.slice(0, 4) === dayKey(now).slice(0, 4) ? undefined : 'numeric'
    return new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short', year }).format(
      instant,
    )
  }

  return (
    <time dateTime={at} title={`${absolute(instant)} (${timeZone})`}>
      {text()}
    </time>
  )
}
