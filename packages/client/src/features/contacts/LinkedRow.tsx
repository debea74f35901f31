import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { DevicesAndSlack_UserFragment } from '../../graphql/generated.ts'
import { Callout } from '../../ui/Callout.tsx'
import { DayTime } from '../../ui/DayTime.tsx'
import { StatusText } from '../../ui/StatusText.tsx'
import { AddressMenu } from './AddressMenu.tsx'
import { ContactRow } from './ContactRow.tsx'
import { deliveryReasonWords } from './delivery-reason-words.ts'
import { TestProgress } from './TestProgress.tsx'
import { useSendTest } from './use-send-test.ts'

type Health = DevicesAndSlack_UserFragment['pushDevices'][number]['health']

interface LinkedRowProps {
  id: string
  channel: 'PUSH' | 'SLACK'
  icon: ReactNode
  /** As the person reads it. */
  name: string
  mark?: ReactNode
  /** The word for one that works. */
  works: ReactNode
  /** What comes first of what is known of it. */
  origin: ReactNode
  health: Health
  removeLabel: string
  onRemove: () => void
}

/** One device or one Slack account of the list. Nobody has to prove it: it was linked from where it is. */
export function LinkedRow(props: LinkedRowProps) {
  const { id, channel, icon, name, mark, works, origin, health, removeLabel, onRemove } = props
  const test = useSendTest(id)

  return (
    <ContactRow
      icon={icon}
      name={name}
      marks={
        <>
          {mark}
          <State health={health} works={works} />
        </>
      }
      meta={
        <>
          {origin} · <LastDelivery health={health} />
        </>
      }
      action={
        <Button
          variant="default"
          size="xs"
          leftSection={<IconSend aria-hidden size={16} stroke={1.7} />}
          loading={test.sending}
          onClick={() => test.send(channel)}
        >
          <Trans>Send test</Trans>
        </Button>
      }
      menu={<AddressMenu addressId={id} name={name} removeLabel={removeLabel} onRemove={onRemove} />}
    >
      {test.refusal && (
        <Callout tone="danger">
          <span role="alert">{test.refusal}</span>
        </Callout>
      )}
      {test.deliveryId && <TestProgress key={test.deliveryId} deliveryId={test.deliveryId} />}
    </ContactRow>
  )
}

function State({ health, works }: { health: Health; works: ReactNode }) {
  if (isFailing(health)) {
    return (
      <StatusText tone="danger">
        <Trans>Failed</Trans>
      </StatusText>
    )
  }
  if (health.lastDeliveredAt) return <StatusText tone="ok">{works}</StatusText>
  return (
    <StatusText tone="waiting">
      <Trans>Not tried yet</Trans>
    </StatusText>
  )
}

function LastDelivery({ health }: { health: Health }) {
  const { i18n } = useLingui()
  const { lastDeliveredAt, lastFailedAt, lastFailedReason } = health
  if (lastFailedAt && isFailing(health)) {
    const when = <DayTime at={lastFailedAt} />
    const why = lastFailedReason && i18n._(deliveryReasonWords[lastFailedReason])
    return why ? (
      <Trans>
        failed {when}: {why}
      </Trans>
    ) : (
      <Trans>failed {when}</Trans>
    )
  }
  return lastDeliveredAt ? (
    <Trans>
      last delivered <DayTime at={lastDeliveredAt} />
    </Trans>
  ) : (
    <Trans>nothing delivered yet</Trans>
  )
}

function isFailing({ lastDeliveredAt, lastFailedAt }: Health): boolean {
  return lastFailedAt !== null && (lastDeliveredAt === null || lastFailedAt > lastDeliveredAt)
}
