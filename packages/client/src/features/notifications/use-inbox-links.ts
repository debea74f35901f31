import { type To, useSearchParams } from 'react-router'
import { paths } from '../../app/paths.ts'
import type { NotificationKind } from '../../graphql/generated.ts'

const alertsTab = 'alerts'

/** The inbox's state is its address: the tab and the open item. The account in the address stays. */
export function useInboxLinks() {
  const [parameters] = useSearchParams()
  const tab = parameters.get('tab')
  const kindOfAddress: NotificationKind | undefined =
    tab === null ? undefined : tab === alertsTab ? 'ALERT' : 'NOTIFICATION'

  const linkTo = (pathname: string, kind: NotificationKind): To => {
    const search = new URLSearchParams(parameters)
    search.set('tab', kind === 'ALERT' ? alertsTab : 'notifications')
    return { pathname, search: `?${search}` }
  }

  return {
    /** Undefined in an address that names an item only. */
    kindOfAddress,
    listLink: (kind: NotificationKind) => linkTo(paths.inbox, kind),
    itemLink: (id: string, kind: NotificationKind) => linkTo(paths.notification(id), kind),
  }
}
