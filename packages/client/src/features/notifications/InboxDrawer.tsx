import { Trans, useLingui } from '@lingui/react/macro'
import { Button, CloseButton, Drawer, Tabs } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCheck, IconChecks } from '@tabler/icons-react'
import { useNavigate } from 'react-router'
import { useQuery } from '@apollo/client/react'
import { useViewer } from '../../app/viewer.tsx'
import { InboxItemDocument, type NotificationKind } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useScrollLock } from '../../ui/use-scroll-lock.ts'
import { InboxList } from './InboxList.tsx'
import { NotificationPane } from './NotificationPane.tsx'
import { useBadge } from './use-badge.ts'
import { useInboxLinks } from './use-inbox-links.ts'
import { useSetAllRead } from './use-set-all-read.ts'
import classes from './InboxDrawer.module.css'

interface InboxDrawerProps {
  opened: boolean
  /** The open item, as the address names it. */
  itemId: string | undefined
  onClose: () => void
}

/** The inbox: the list, and the open item beside it or, where there is no room, in its place. */
export function InboxDrawer({ opened, itemId, onClose }: InboxDrawerProps) {
  const { t } = useLingui()
  const onePane = useMediaQuery('(max-width: 63.99em)', false, { getInitialValueInEffect: false })

  useScrollLock(opened)

  return (
    <Drawer.Root
      opened={opened}
      onClose={onClose}
      position="left"
      padding={0}
      transitionProps={{ transition: appear, duration: 180 }}
      classNames={{ inner: classes.inner, content: classes.content }}
    >
      <Drawer.Overlay className={classes.overlay} />
      <Drawer.Content aria-label={t`Inbox`} data-two-panes={(itemId && !onePane) || undefined}>
        {!(itemId && onePane) && <InboxPane itemId={itemId} onClose={onClose} />}
        {itemId && <NotificationPane id={itemId} alone={onePane} />}
      </Drawer.Content>
    </Drawer.Root>
  )
}

const appear = {
  in: { opacity: 1, transform: 'translateX(0)' },
  out: { opacity: 0, transform: 'translateX(-0.5rem)' },
  transitionProperty: 'opacity, transform',
}

function InboxPane({ itemId, onClose }: Pick<InboxDrawerProps, 'itemId' | 'onClose'>) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const { kindOfAddress, listLink } = useInboxLinks()
  const kind = useKind(kindOfAddress, itemId)
  const { unread = 0, alerts = 0 } = useBadge(useViewer().id) ?? {}
  const counts = { NOTIFICATION: unread - alerts, ALERT: alerts }

  const showTab = (value: string | null) =>
    void navigate(listLink(value === 'ALERT' ? 'ALERT' : 'NOTIFICATION'))

  return (
    <Tabs className={classes.list} value={kind} onChange={showTab} keepMounted={false}>
      <div className={classes.head}>
        <div className={classes.titleLine}>
          <h2 data-autofocus tabIndex={-1} className={classes.title}>
            <Trans>Inbox</Trans>
          </h2>
          <MarkAllRead kind={kind} unread={counts[kind]} />
          <CloseButton
            size={36}
            iconSize={20}
            className={classes.close}
            aria-label={t`Close the inbox`}
            onClick={onClose}
          />
        </div>
        <Tabs.List>
          <Tabs.Tab value="NOTIFICATION">
            <Trans>Notifications</Trans> <Count count={counts.NOTIFICATION} />
          </Tabs.Tab>
          <Tabs.Tab value="ALERT">
            <Trans>Alerts</Trans> <Count count={counts.ALERT} urgent />
          </Tabs.Tab>
        </Tabs.List>
      </div>
      <Tabs.Panel value={kind} className={classes.panel}>
        <InboxList key={kind} kind={kind} openId={itemId} />
      </Tabs.Panel>
    </Tabs>
  )
}

/** The tab of the address; for an address that names an item only, the tab that item is in. */
function useKind(
  kindOfAddress: NotificationKind | undefined,
  itemId: string | undefined,
): NotificationKind {
  const { data } = useQuery(InboxItemDocument, {
    variables: { id: itemId ?? '' },
    skip: !itemId || kindOfAddress !== undefined,
  })
  return kindOfAddress ?? data?.me?.notification?.kind ?? 'NOTIFICATION'
}

function Count({ count, urgent }: { count: number; urgent?: boolean }) {
  if (count <= 0) return null
  return (
    <span className={classes.count} data-urgent={urgent || undefined}>
      {count}{' '}
      <span className="ly-visually-hidden">
        <Trans>unread</Trans>
      </span>
    </span>
  )
}

function MarkAllRead({ kind, unread }: { kind: NotificationKind; unread: number }) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const { setAllRead, loading, refusal } = useSetAllRead()

  const markAll = async () => {
    if (!(await setAllRead(kind))) return
    announce(
      kind === 'ALERT' ? t`All alerts are marked as read.` : t`All notifications are marked as read.`,
    )
  }

  if (refusal) {
    return (
      <Button variant="subtle" size="xs" color="red" loading={loading} onClick={() => void markAll()}>
        <span role="alert">
          <Trans>Not marked as read. Try again</Trans>
        </span>
      </Button>
    )
  }
  if (unread <= 0 && !loading) {
    return (
      <span className={classes.allRead}>
        <IconCheck aria-hidden size={18} stroke={1.7} /> <Trans>All read</Trans>
      </span>
    )
  }
  return (
    <Button
      variant="subtle"
      size="xs"
      loading={loading}
      leftSection={<IconChecks aria-hidden size={18} stroke={1.7} />}
      onClick={() => void markAll()}
    >
      <Trans>Mark all read</Trans>
    </Button>
  )
}
