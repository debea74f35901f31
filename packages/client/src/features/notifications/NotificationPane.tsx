import { useQuery } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconChevronLeft, IconMail, IconMailOpened, IconMailOff } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { useRefusal } from '../../app/error-messages.ts'
import { InboxItemDocument } from '../../graphql/generated.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { NotificationDetail } from './NotificationDetail.tsx'
import { useInboxLinks } from './use-inbox-links.ts'
import { type ReadRefusal, useSetRead } from './use-set-read.ts'
import classes from './NotificationPane.module.css'

interface NotificationPaneProps {
  id: string
  /** The list is not beside it: there is a way back, and the focus comes here. */
  alone: boolean
}

/** The open item with what can be done about it. Opening it marks it read. */
export function NotificationPane({ id, alone }: NotificationPaneProps) {
  const { t } = useLingui()
  const { data, error, refetch } = useQuery(InboxItemDocument, { variables: { id } })
  const loadRefusal = useRefusal(error)
  const { setRead, refusal } = useSetRead()
  const { kindOfAddress, listLink } = useInboxLinks()
  const title = useRef<HTMLHeadingElement>(null)
  const item = data?.me?.notification
  const unread = item?.readAt === null

  const openedId = useRef<string>(undefined)
  useEffect(() => {
    // Once for each opening: an item that is marked unread while it is open stays so.
    if (!item || openedId.current === item.id) return
    openedId.current = item.id
    if (unread) void setRead(item.id, true)
    if (alone) title.current?.focus()
  })

  const content = () => {
    if (item) {
      const eventType = data?.notificationEventTypes.find(({ id }) => id === item.eventType)
      return <NotificationDetail notification={item} eventType={eventType} titleRef={title} />
    }
    if (loadRefusal && loadRefusal.code !== 'BAD_USER_INPUT') {
      return (
        <FailedSection
          title={t`The notification could not be loaded`}
          reason={loadRefusal.sentence}
          requestId={loadRefusal.requestId}
          onRetry={() => void refetch().catch(() => undefined)}
        />
      )
    }
    if (data || loadRefusal) {
      return (
        <EmptyState
          icon={<IconMailOff size={22} stroke={1.7} />}
          title={t`This notification is not there any more`}
          help={t`It was not yours, or it is older than what the inbox keeps.`}
        />
      )
    }
    return <SkeletonRows rows={3} />
  }

  return (
    <div className={classes.pane}>
      <div className={classes.bar}>
        {alone && (
          <Link className={classes.back} to={listLink(kindOfAddress ?? item?.kind ?? 'NOTIFICATION')}>
            <IconChevronLeft aria-hidden size={18} stroke={1.7} />
            <Trans>Inbox</Trans>
          </Link>
        )}
        {item && (
          <Button
            variant="subtle"
            color="gray"
            className={classes.act}
            leftSection={
              unread ? (
                <IconMailOpened aria-hidden size={18} stroke={1.7} />
              ) : (
                <IconMail aria-hidden size={18} stroke={1.7} />
              )
            }
            onClick={() => void setRead(item.id, unread)}
          >
            {unread ? <Trans>Mark read</Trans> : <Trans>Mark unread</Trans>}
          </Button>
        )}
      </div>
      {refusal && <NotMarked refusal={refusal} />}
      {content()}
    </div>
  )
}

function NotMarked({ refusal }: { refusal: ReadRefusal }) {
  const { sentence } = refusal
  return (
    <p role="alert" className={classes.refusal}>
      {refusal.read ? (
        <Trans>Not marked as read: {sentence}</Trans>
      ) : (
        <Trans>Not marked as unread: {sentence}</Trans>
      )}{' '}
      <TextButton onClick={refusal.retry}>
        <Trans>Try again</Trans>
      </TextButton>
    </p>
  )
}
