import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import { channelNames } from '../../app/channel-names.ts'
import {
  type DeliveryItem_DeliveryFragment,
  DeliveryItem_DeliveryFragmentDoc,
} from '../../graphql/generated.ts'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { DayTime } from '../../ui/DayTime.tsx'
import { StatusText } from '../../ui/StatusText.tsx'
import { channelIcons } from './channel-icons.ts'
import { deliveryReasonWords } from './delivery-reason-words.ts'
import { deliveryStateWords, messageKindInWords } from './delivery-words.ts'
import classes from './DeliveryItem.module.css'

/** One message that was sent, or was to be: what, where to, how far it came and why no further. */
export function DeliveryItem(props: { delivery: FragmentType<DeliveryItem_DeliveryFragment> }) {
  const { i18n } = useLingui()
  const { data: delivery } = useSuspenseFragment({
    fragment: DeliveryItem_DeliveryFragmentDoc,
    from: props.delivery,
  })
  const [open, setOpen] = useState(false)
  const detailsId = useId()
  const { channel, messageKind, address, state, reason, detail, createdAt } = delivery
  const { tone, word } = deliveryStateWords[state]
  const Icon = channelIcons[channel]
  const Chevron = open ? IconChevronDown : IconChevronRight
  const kind = messageKindInWords(messageKind)
  const channelName = i18n._(channelNames[channel])

  return (
    <li>
      <UnstyledButton
        className={classes.line}
        aria-expanded={open}
        aria-controls={detailsId}
        onClick={() => setOpen(!open)}
      >
        <span aria-hidden className={classes.icon}>
          <Icon size={18} stroke={1.7} />
        </span>
        <span className={classes.text}>
          <span className={classes.head}>
            <span className={classes.kind}>{typeof kind === 'string' ? kind : i18n._(kind)}</span>
            <StatusText tone={tone}>{i18n._(word)}</StatusText>
          </span>
          <span className={classes.meta}>
            <Trans>
              {channelName} to {address} · <DayTime at={createdAt} />
            </Trans>
          </span>
          {reason && (
            <span className={classes.reason}>
              {i18n._(deliveryReasonWords[reason])} {detail && <code>{detail}</code>}
            </span>
          )}
        </span>
        <Chevron aria-hidden className={classes.chevron} size={18} stroke={1.7} />
      </UnstyledButton>
      <div id={detailsId} hidden={!open}>
        {open && <Details delivery={delivery} />}
      </div>
    </li>
  )
}

/** For whoever has to find out more: the times of each step, and what the carrier calls it. */
function Details({ delivery }: { delivery: DeliveryItem_DeliveryFragment }) {
  const { t, i18n } = useLingui()
  const { createdAt, sentAt, deliveredAt, failedAt, attempts, carrier, carrierId, carrierStatus } = delivery
  const number = new Intl.NumberFormat(i18n.locale)
  return (
    <dl className={classes.details}>
      <Fact term={t`Queued`}>
        <AbsoluteTime at={createdAt} />
      </Fact>
      {sentAt && (
        <Fact term={t`Sent`}>
          <AbsoluteTime at={sentAt} />
        </Fact>
      )}
      {deliveredAt && (
        <Fact term={t`Delivered`}>
          <AbsoluteTime at={deliveredAt} />
        </Fact>
      )}
      {failedAt && (
        <Fact term={t`Failed`}>
          <AbsoluteTime at={failedAt} />
        </Fact>
      )}
      <Fact term={t`Attempts`}>{number.format(attempts)}</Fact>
      {carrier && <Fact term={t`Carrier`}>{carrier}</Fact>}
      {carrierStatus && (
        <Fact term={t`State at the carrier`}>
          <span className="ly-mono">{carrierStatus}</span>
        </Fact>
      )}
      {carrierId && (
        <Fact term={t`Id at the carrier`}>
          <span className="ly-mono">{carrierId}</span>
        </Fact>
      )}
    </dl>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
