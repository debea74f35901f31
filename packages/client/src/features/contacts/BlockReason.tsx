import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import type { BlockedReason } from '../../graphql/generated.ts'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { Callout } from '../../ui/Callout.tsx'

interface BlockReasonProps {
  kind: 'email' | 'phone'
  blockedAt: string
  reason: BlockedReason | null
  /** The carrier's own words. */
  detail: string | null
}

/** Why nothing is sent to an address, in our words and in the carrier's, and what to do about it. */
export function BlockReason({ kind, blockedAt, reason, detail }: BlockReasonProps) {
  return (
    <Callout tone={reason === 'OPTED_OUT' ? 'warn' : 'danger'}>
      <p>
        <WhatHappened kind={kind} reason={reason} at={<AbsoluteTime at={blockedAt} />} />
        {detail && (
          <>
            {': '}
            <code>{detail}</code>
          </>
        )}
        . <WhatToDo kind={kind} reason={reason} />
      </p>
    </Callout>
  )
}

function WhatHappened({ kind, reason, at }: Pick<BlockReasonProps, 'kind' | 'reason'> & { at: ReactNode }) {
  if (reason === 'BOUNCE') return <Trans>Mail bounced on {at}</Trans>
  if (reason === 'COMPLAINT') return <Trans>Mail was marked as spam on {at}</Trans>
  if (reason === 'OPTED_OUT') {
    return kind === 'phone' ? <Trans>Stopped by STOP on {at}</Trans> : <Trans>Unsubscribed on {at}</Trans>
  }
  return kind === 'phone' ? (
    <Trans>The carrier could not deliver on {at}</Trans>
  ) : (
    <Trans>Mail could not be delivered on {at}</Trans>
  )
}

function WhatToDo({ kind, reason }: Pick<BlockReasonProps, 'kind' | 'reason'>) {
  return kind === 'phone' && reason === 'OPTED_OUT' ? (
    <Trans>Answer START from this phone, or prove it again.</Trans>
  ) : (
    <Trans>Nothing more is sent here until you prove it again.</Trans>
  )
}
