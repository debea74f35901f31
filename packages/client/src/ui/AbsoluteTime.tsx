import { useTimeFormat } from './TimeFormat.tsx'

/** An instant as date and time in the person's zone; with `only`, as one of the two. */
export function AbsoluteTime({ at, only }: { at: string; only?: 'date' | 'time' }) {
  const format = useTimeFormat()
  const instant = new Date(at)
  return (
    <time dateTime={at} title={`${format.absolute(instant)} (${format.timeZone})`}>
      {format[only ?? 'dateTime'](instant)}
    </time>
  )
}
