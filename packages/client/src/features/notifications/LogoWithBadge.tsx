import { useLingui } from '@lingui/react/macro'
import { Link, useLocation } from 'react-router'
import { isInbox, paths } from '../../app/paths.ts'
import { useViewer } from '../../app/viewer.tsx'
import { LogoWithCount } from '../../ui/Logo.tsx'
import { useTitleCount } from '../../ui/page-title.ts'
import { useBadge, useLiveBadge } from './use-badge.ts'
import { useFavicon } from './use-favicon.ts'
import { useNewNotificationAnnouncement } from './use-new-notification-announcement.ts'
import classes from './LogoWithBadge.module.css'

/** The logo at the top left: opens the inbox, and counts what waits in it while it happens. */
export function LogoWithBadge() {
  const { t } = useLingui()
  const { id: userId } = useViewer()
  const { pathname, search } = useLocation()
  useLiveBadge(userId)
  const unread = useBadge(userId)?.unread
  useTitleCount(unread ?? 0)
  useFavicon(unread ?? 0)
  useNewNotificationAnnouncement(unread)

  return (
    <Link
      to={{ pathname: paths.inbox, search }}
      className={classes.link}
      data-open={isInbox(pathname) || undefined}
      aria-label={unread ? t`Inbox, ${unread} unread` : t`Inbox`}
    >
      <LogoWithCount count={unread ?? 0} />
      {/* Part of the mark, and drawn like it: the link is named for what it opens. */}
      <span aria-hidden className={classes.word} />
    </Link>
  )
}
