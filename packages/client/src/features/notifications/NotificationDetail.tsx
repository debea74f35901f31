import { type FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { type Ref } from 'react'
import {
  type NotificationDetail_EventTypeFragment,
  NotificationDetail_EventTypeFragmentDoc,
  type NotificationDetail_NotificationFragment,
  NotificationDetail_NotificationFragmentDoc,
} from '../../graphql/generated.ts'
import { AccountSquare } from '../../ui/AccountSquare.tsx'
import { ZonedTime } from './ZonedTime.tsx'
import { isWebAddress } from './web-address.ts'
import classes from './NotificationDetail.module.css'

interface NotificationDetailProps {
  notification: FragmentType<NotificationDetail_NotificationFragment>
  /** Undefined when the catalogue has dropped the event since. */
  eventType: FragmentType<NotificationDetail_EventTypeFragment> | undefined
  titleRef: Ref<HTMLHeadingElement>
}

/** All of one item. Title and body are text of the host product and are shown as text. */
export function NotificationDetail({ notification, eventType, titleRef }: NotificationDetailProps) {
  const { data: item } = useSuspenseFragment({
    fragment: NotificationDetail_NotificationFragmentDoc,
    from: notification,
  })
  const { data: catalogued } = useSuspenseFragment({
    fragment: NotificationDetail_EventTypeFragmentDoc,
    from: eventType ?? null,
  })

  return (
    <article className={classes.detail}>
      <p className={classes.meta}>
        <AccountSquare name={item.account.name} />
        <span>{item.account.name}</span>
        {catalogued && <span>{catalogued.category}</span>}
        <ZonedTime at={item.createdAt} />
      </p>
      <h3 ref={titleRef} data-autofocus tabIndex={-1} className={classes.title}>
        {item.title}
      </h3>
      {item.body && <p className={classes.body}>{item.body}</p>}
      {item.entity && <Entity entity={item.entity} />}
    </article>
  )
}

function Entity({ entity }: { entity: NonNullable<NotificationDetail_NotificationFragment['entity']> }) {
  const { t } = useLingui()
  if (!isWebAddress(entity.url)) {
    return (
      <p className={classes.entity}>
        {entity.type}: {entity.name}
      </p>
    )
  }
  return (
    <Button
      component="a"
      className={classes.open}
      href={entity.url}
      target="_blank"
      rel="noopener noreferrer"
      leftSection={<IconExternalLink aria-hidden size={18} stroke={1.7} />}
    >
      {t`Open ${entity.name}`}
    </Button>
  )
}
