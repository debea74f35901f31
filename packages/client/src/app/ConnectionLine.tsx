import { Trans } from '@lingui/react/macro'
import { IconWifiOff } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { NoticeBar } from '../ui/NoticeBar.tsx'
import { useConnection } from './connection.ts'

/** Says when the page is cut off, what that means, and when it tries again. */
export function ConnectionLine() {
  const connection = useConnection()
  if (connection.state === 'fine') return null

  const { retryAt } = connection
  const icon = <IconWifiOff size={18} stroke={1.7} />
  if (retryAt === null) {
    return (
      <NoticeBar icon={icon}>
        <Trans>
          <strong>You are offline.</strong> What you type is kept.
        </Trans>
      </NoticeBar>
    )
  }
  return (
    <NoticeBar icon={icon} end={<Countdown to={retryAt} />}>
      <Trans>
        <strong>The server does not answer.</strong> What you type is kept.
      </Trans>
    </NoticeBar>
  )
}

/** Not announced: a number that changes every second would talk over everything else. */
function Countdown({ to }: { to: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])

  const seconds = Math.max(0, Math.ceil((to - now) / 1_000))
  return (
    <span aria-hidden>
      {seconds > 0 ? <Trans>Trying again in {seconds} s</Trans> : <Trans>Trying…</Trans>}
    </span>
  )
}
