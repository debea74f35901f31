import { Trans } from '@lingui/react/macro'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { StatusText } from '../../ui/StatusText.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useNow } from '../../ui/use-now.ts'
import { distance, expiryState } from './token-expiry.ts'

interface TokenExpiryProps {
  at: string | null
  /** Whether another has its place: its end was chosen, and is no cause for a warning. */
  isReplaced?: boolean
}

/** When a token ends; a warning in its last week, and plainly when it is over. */
export function TokenExpiry({ at, isReplaced = false }: TokenExpiryProps) {
  const now = useNow()
  const { locale } = useTimeFormat()
  if (!at) return <Trans>never</Trans>

  const expiresAt = new Date(at)
  const date = <AbsoluteTime at={at} only="date" />
  const state = expiryState(expiresAt, now)
  if (state === 'fine' && !isReplaced) return date
  if (state === 'over') {
    return (
      <StatusText tone="danger">
        <Trans>Expired {date}</Trans>
      </StatusText>
    )
  }

  if (isReplaced) {
    return (
      <StatusText tone="waiting">
        <Trans>
          Replaced, works until <AbsoluteTime at={at} />
        </Trans>
      </StatusText>
    )
  }
  const [value, unit] = distance(expiresAt, now)
  const left = new Intl.RelativeTimeFormat(locale, { numeric: 'always' }).format(value, unit)
  return (
    <StatusText tone="warn">
      {date}, {left}
    </StatusText>
  )
}
