import { Trans } from '@lingui/react/macro'
import { DayTime } from '../../ui/DayTime.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useNow } from '../../ui/use-now.ts'

/** "12 minutes ago" within an hour, then the day. The server notes it at most once a minute. */
export function LastSeen({ at }: { at: string }) {
  const now = useNow()
  const { absolute, locale, timeZone } = useTimeFormat()
  const instant = new Date(at)
  const minutes = Math.floor((now.getTime() - instant.getTime()) / 60_000)
  if (minutes >= 60) return <DayTime at={at} />
  return (
    <time dateTime={at} title={`${absolute(instant)} (${timeZone})`}>
      {minutes < 1 ? (
        <Trans>now</Trans>
      ) : (
        new Intl.RelativeTimeFormat(locale, { numeric: 'always' }).format(-minutes, 'minute')
      )}
    </time>
  )
}
