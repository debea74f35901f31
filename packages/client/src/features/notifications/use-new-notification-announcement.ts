import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { useEffect, useRef } from 'react'
import { useAnnounce } from '../../ui/Announcer.tsx'

/** A listener must be able to hear something else while many events arrive. */
const pauseMilliseconds = 5_000

/** Says how many items have come, to those who do not see the badge. The first count is no news. */
export function useNewNotificationAnnouncement(unread: number | undefined): void {
  const { t } = useLingui()
  const announce = useAnnounce()
  const toldOf = useRef<number>(undefined)
  const lastToldAt = useRef(0)

  useEffect(() => {
    if (unread === undefined) return undefined
    const arrived = unread - (toldOf.current ?? unread)
    if (arrived <= 0) {
      toldOf.current = unread
      return undefined
    }
    const tell = () => {
      toldOf.current = unread
      lastToldAt.current = Date.now()
      announce(t`${plural(arrived, { one: '# new notification', other: '# new notifications' })}`)
    }
    const timer = setTimeout(tell, Math.max(0, lastToldAt.current + pauseMilliseconds - Date.now()))
    return () => clearTimeout(timer)
  }, [unread, announce, t])
}
