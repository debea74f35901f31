import { Trans } from '@lingui/react/macro'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useNow } from '../../ui/use-now.ts'
import { distance } from './token-expiry.ts'
import { type Token } from './TokenList.tsx'
import classes from './TokenLastUsed.module.css'

interface TokenLastUsedProps {
  token: Pick<Token, 'lastUsedAt' | 'lastUsedAddress' | 'lastUsedDevice'>
}

/**
 * When a token was used, and below it from where and by which program: a use that is nobody's own is seen here.
 * The server notes a use at most once a minute.
 */
export function TokenLastUsed({ token }: TokenLastUsedProps) {
  const { lastUsedAt, lastUsedAddress: address, lastUsedDevice: device } = token
  if (!lastUsedAt) return <Trans>never</Trans>
  return (
    <>
      <UsedAt at={lastUsedAt} />
      {address && device && (
        <span className={classes.origin}>
          <Trans>
            from {address} with {device}
          </Trans>
        </span>
      )}
    </>
  )
}

/** "2 minutes ago" within a day, then the date. */
function UsedAt({ at }: { at: string }) {
  const now = useNow()
  const { locale, timeZone, absolute } = useTimeFormat()
  const usedAt = new Date(at)
  const [value, unit] = distance(usedAt, now)
  if (unit === 'day') return <AbsoluteTime at={at} only="date" />
  return (
    <time dateTime={at} title={`${absolute(usedAt)} (${timeZone})`}>
      {new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.min(value, 0), unit)}
    </time>
  )
}
