import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useEffect } from 'react'
import type { Channel, DeliveryState, TestProgress_DeliveryFragment } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Callout, type CalloutTone } from '../../ui/Callout.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { deliveryReasonWords } from './delivery-reason-words.ts'
import { useLiveDelivery } from './use-live-delivery.ts'
import classes from './TestProgress.module.css'

/** What each test is called. */
const testNames: Record<Channel, MessageDescriptor> = {
  EMAIL: msg`Test mail`,
  SMS: msg`Test text`,
  VOICE: msg`Test call`,
  WHATSAPP: msg`Test WhatsApp`,
  PUSH: msg`Test push`,
  SLACK: msg`Test Slack message`,
  IN_APP: msg`Test`,
}

const tones: Record<DeliveryState, CalloutTone> = {
  QUEUED: 'neutral',
  SENDING: 'neutral',
  SENT: 'neutral',
  DELIVERED: 'ok',
  UNDELIVERED: 'danger',
  FAILED: 'danger',
  SUPPRESSED: 'danger',
}

/** How far a test message has come, live, with the time of each step. */
export function TestProgress({ deliveryId }: { deliveryId: string }) {
  const delivery = useLiveDelivery(deliveryId)
  return delivery ? <Progress delivery={delivery} /> : null
}

function Progress({ delivery }: { delivery: TestProgress_DeliveryFragment }) {
  const { t, i18n } = useLingui()
  const announce = useAnnounce()
  const { channel, state, reason, detail, createdAt, sentAt, deliveredAt, failedAt } = delivery
  const name = i18n._(testNames[channel])
  const why = reason && i18n._(deliveryReasonWords[reason])
  const failed = tones[state] === 'danger'

  useEffect(() => {
    if (state === 'DELIVERED') announce(t`${name}: delivered`)
    else if (failed) announce(t`${name}: failed. ${why ?? ''}`)
    else if (state === 'SENT') announce(t`${name}: sent`)
  }, [announce, failed, name, state, t, why])

  return (
    <Callout tone={tones[state]}>
      <p className={classes.steps}>
        <strong>{name}</strong>
        <span>
          <Trans>
            queued <Clock at={createdAt} />
          </Trans>
        </span>
        {state === 'SENDING' && (
          <Step>
            <Trans>being sent</Trans>
          </Step>
        )}
        {sentAt && (
          <Step last={state === 'SENT'}>
            <Trans>
              sent <Clock at={sentAt} />
            </Trans>
          </Step>
        )}
        {deliveredAt && (
          <Step last={state === 'DELIVERED'}>
            <Trans>
              delivered <Clock at={deliveredAt} />
            </Trans>
          </Step>
        )}
        {failed && (
          <Step last>
            {failedAt ? (
              <Trans>
                failed <Clock at={failedAt} />
              </Trans>
            ) : (
              <Trans>failed</Trans>
            )}
          </Step>
        )}
      </p>
      {failed && (why || detail) && (
        <p>
          {why} {detail && <code>{detail}</code>}
        </p>
      )}
    </Callout>
  )
}

function Step({ last, children }: { last?: boolean; children: ReactNode }) {
  return (
    <>
      <span aria-hidden>→</span>
      {last ? <strong>{children}</strong> : <span>{children}</span>}
    </>
  )
}

/** With seconds: the steps lie close together. */
function Clock({ at }: { at: string }) {
  const { absolute, locale, timeZone } = useTimeFormat()
  const instant = new Date(at)
  const text = new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'medium' }).format(instant)
  return (
    <time dateTime={at} title={`${absolute(instant)} (${timeZone})`}>
      {text}
    </time>
  )
}
