import { Trans, useLingui } from '@lingui/react/macro'
import { Fragment, type ReactNode } from 'react'
import type { DeliveryReason } from '../../graphql/generated.ts'
import { DayTime } from '../../ui/DayTime.tsx'
import { type Provable, addressState } from './address-state.ts'
import { deliveryReasonWords } from './delivery-reason-words.ts'

interface AddressMetaProps {
  address: Provable & {
    createdAt: string
    health: {
      lastDeliveredAt: string | null
      lastFailedAt: string | null
      lastFailedReason: DeliveryReason | null
    }
  }
  /** What comes first. */
  children?: ReactNode
}

/** What is known of an address, in a line: whether it works, and since when it is proven. */
export function AddressMeta({ address, children }: AddressMetaProps) {
  const { i18n } = useLingui()
  const { createdAt, verifiedAt, health } = address
  const { lastDeliveredAt, lastFailedAt, lastFailedReason } = health
  const failing = lastFailedAt !== null && (lastDeliveredAt === null || lastFailedAt > lastDeliveredAt)
  const state = addressState(address)

  const parts: ReactNode[] = []
  if (children) parts.push(children)
  if (state === 'UNVERIFIED') {
    parts.push(
      <Trans>
        added <DayTime at={createdAt} />
      </Trans>,
    )
  } else if (lastDeliveredAt) {
    parts.push(
      <Trans>
        last delivered <DayTime at={lastDeliveredAt} />
      </Trans>,
    )
  } else {
    parts.push(<Trans>nothing delivered yet</Trans>)
  }
  if (state === 'VERIFIED' && failing) {
    const why = lastFailedReason && i18n._(deliveryReasonWords[lastFailedReason])
    const when = <DayTime at={lastFailedAt} />
    parts.push(
      why ? (
        <Trans>
          failed {when}: {why}
        </Trans>
      ) : (
        <Trans>failed {when}</Trans>
      ),
    )
  }
  if (state === 'VERIFIED' && verifiedAt) {
    parts.push(
      <Trans>
        proven <DayTime at={verifiedAt} />
      </Trans>,
    )
  }

  return parts.map((part, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- The parts have their places and nothing else.
    <Fragment key={index}>
      {index > 0 && ' · '}
      {part}
    </Fragment>
  ))
}
