import { useLingui } from '@lingui/react/macro'
import { useTimeFormat } from './TimeFormat.tsx'
import { useNow } from './use-now.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A past instant as a person says it: "4 min", "3 h", "Friday", then the date. The title says it exactly. */
export function RelativeTime({ at }: { at: string }) {
  const { t } = useLingui()
  const format = useTimeFormat()
  const now = useNow()
  const instant = new Date(at)
  const elapsed = now.getTime() - instant.getTime()
  const minutes = Math.floor(elapsed / minute)
  const hours = Math.floor(elapsed / hour)

  const text = () => {
    if (elapsed < minute) return t`now`
    if (elapsed < hour) return t`${minutes} min`
    if (elapsed < day) return t`${hours} h`
    return elapsed < 6 * day ? format.weekday(instant) : format.date(instant)
  }

  return (
    <time dateTime={at} title={`${format.absolute(instant)} (${format.timeZone})`}>
      {text()}
    </time>
  )
}
