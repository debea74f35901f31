import { useTimeFormat } from '../../ui/TimeFormat.tsx'

/** As "Mon 23 Nov, 03:08 EST": an instant that says by which clock. */
export function ZonedTime({ at }: { at: string }) {
  const { locale, timeZone, absolute } = useTimeFormat()
  const instant = new Date(at)
  const text = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(instant)

  return (
    <time dateTime={at} title={`${absolute(instant)} (${timeZone})`}>
      {text}
    </time>
  )
}
