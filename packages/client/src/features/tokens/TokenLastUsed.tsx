import { Trans } from '@lingui/react/macro'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useNow } from '../../ui/use-now.ts'
import { distance } from './token-expiry.ts'

/** "2 minutes ago" within a day, then the date. The server notes a use at most once a minute. */
export function TokenLastUsed({ at }: { at: string | null }) {
  const now = useNow()
  const { locale, timeZone, absolute } = useTimeFormat()
  if (!at) return <Trans>never</Trans>

  const usedAt = new Date(at)
  const [value, unit] = distance(usedAt, now)
  if (unit === 'day') return <AbsoluteTime at={at} only="date" />
  return (
    <time dateTime={at} title={`${absolute(usedAt)} (${timeZone})`}>
      {new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.min(value, 0), unit)}
    </time>
  )
}
