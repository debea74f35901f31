import { type FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans } from '@lingui/react/macro'
import { Link, type To } from 'react-router'
import {
  InboxRow_NotificationFragmentDoc,
  type InboxRow_NotificationFragment,
} from '../../graphql/generated.ts'
import { AccountSquare } from '../../ui/AccountSquare.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { EventIcon } from './EventIcon.tsx'
import classes from './InboxRow.module.css'

interface InboxRowProps {
  notification: FragmentType<InboxRow_NotificationFragment>
  to: To
  open: boolean
}

/** One item of the list. Unread is a dot, a weight and a word: never one of them alone. */
export function InboxRow({ notification, to, open }: InboxRowProps) {
  const { data: item } = useSuspenseFragment({
    fragment: InboxRow_NotificationFragmentDoc,
    from: notification,
  })
  const unread = item.readAt === null

  return (
    <li className={classes.row} data-open={open || undefined} data-unread={unread || undefined}>
      <span aria-hidden className={classes.dot} />
      <span className={classes.icon}>
        <EventIcon eventType={item.eventType} />
      </span>
      <Link className={classes.title} to={to} aria-current={open ? 'true' : undefined}>
        {unread && (
          <>
            <span className="ly-visually-hidden">
              <Trans>Unread:</Trans>
            </span>{' '}
          </>
        )}
        {item.title}
      </Link>
      <span className={classes.time}>
        <RelativeTime at={item.createdAt} />
      </span>
      <span className={classes.body}>{item.body}</span>
      <span className={classes.account}>
        <AccountSquare name={item.account.name} />
        <span className="ly-visually-hidden">{item.account.name}</span>
      </span>
    </li>
  )
}
