import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useNow } from '../../ui/use-now.ts'

/** The hour on the day itself, then "12 Nov", with the year when it is not the present one. */
export function ActivityTime({ at }: { at: string }) {
  const { absolute, dayKey, locale, time, timeZone } = useTimeFormat()
  const today = dayKey(useNow())
  const instant = new Date(at)
  const day = dayKey(instant)

  const date = () => {
    const year = day.slice(0, 4) === today.slice(0, 4) ? undefined : 'numeric'
    return new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short', year }).format(
      instant,
    )
  }
  return (
    <time dateTime={at} title={`${absolute(instant)} (${timeZone})`}>
      {day === today ? time(instant) : date()}
    </time>
  )
}
