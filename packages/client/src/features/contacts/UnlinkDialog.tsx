import { Trans, useLingui } from '@lingui/react/macro'
import { channelNames } from '../../app/channel-names.ts'
import { useRefusal } from '../../app/error-messages.ts'
import type { Channel } from '../../graphql/generated.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'

interface UnlinkDialogProps {
  channel: Extract<Channel, 'PUSH' | 'SLACK'>
  /** As the person reads it. */
  name: string
  /** Whether a default channel has no other address. */
  isOnlyOne: boolean
  busy: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}

/** Asks before a device or a Slack account is given up. Drawn while it is open only. */
export function UnlinkDialog({ channel, name, isOnlyOne, ...props }: UnlinkDialogProps) {
  const { t, i18n } = useLingui()
  const refusal = useRefusal(props.error)
  const isDevice = channel === 'PUSH'
  const channels = i18n._(channelNames[channel])

  return (
    <ConfirmDialog
      opened
      destructive
      title={isDevice ? t`Remove ${name}?` : t`Unlink ${name}?`}
      confirmLabel={isDevice ? t`Remove device` : t`Unlink Slack`}
      cancelLabel={t`Keep it`}
      busy={props.busy}
      refusal={refusal?.sentence}
      onConfirm={props.onConfirm}
      onClose={props.onClose}
    >
      <p>
        {isDevice ? (
          <Trans>No pushes go there any more. To have them back, register it again from its browser.</Trans>
        ) : (
          <Trans>No messages go to Slack any more. To have them back, link it again.</Trans>
        )}
      </p>
      {isOnlyOne && (
        <p>
          <Trans>It is the only address of these default channels: {channels}.</Trans>
        </p>
      )}
    </ConfirmDialog>
  )
}
