import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useNow } from '../../ui/use-now.ts'

/** The hour on the day itself, then the date. The title says it exactly. */
export function ActivityTime({ at }: { at: string }) {
  const format = useTimeFormat()
  const instant = new Date(at)
  const isToday = format.dayKey(instant) === format.dayKey(useNow())

  return (
    <time dateTime={at} title={`${format.absolute(instant)} (${format.timeZone})`}>
      {isToday ? format.time(instant) : format.date(instant)}
    </time>
  )
}
