import { removedEmailDays } from '@lanyard/contract/limits'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { channelNames } from '../../app/channel-names.ts'
import { useRefusal } from '../../app/error-messages.ts'
import type { Channel } from '../../graphql/generated.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import classes from './RemoveAddressDialog.module.css'

interface RemoveAddressDialogProps {
  kind: 'email' | 'phone'
  /** The address as the person reads it. */
  name: string
  namedInRules: readonly { id: string; name: string; accountName: string }[]
  /** The primary address that stays; undefined when there is none. */
  instead: string | undefined
  /** Default channels that have no other address. */
  lostChannels: readonly Channel[]
  /** Whether it still takes the user back for some days. */
  isWayBack?: boolean
  busy: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}

/** Asks before an address is removed, and shows what goes with it. Drawn while it is open only. */
export function RemoveAddressDialog(props: RemoveAddressDialogProps) {
  const { kind, name, namedInRules, instead, lostChannels, isWayBack, busy, error, onConfirm, onClose } =
    props
  const { t, i18n } = useLingui()
  const { locale } = useTimeFormat()
  const refusal = useRefusal(error)
  const ruleCount = namedInRules.length
  const channels = new Intl.ListFormat(locale).format(
    lostChannels.map((channel) => i18n._(channelNames[channel])),
  )

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Remove ${name}?`}
      confirmLabel={kind === 'email' ? t`Remove email` : t`Remove phone`}
      cancelLabel={t`Keep it`}
      busy={busy}
      refusal={refusal?.sentence}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {ruleCount > 0 && (
        <div className={classes.loss}>
          <p>{t`${plural(ruleCount, { one: 'One rule names it:', other: '# rules name it:' })}`}</p>
          <ul>
            {namedInRules.map((rule) => (
              <li key={rule.id}>
                {rule.name} · {rule.accountName}
              </li>
            ))}
          </ul>
          <p>
            {instead ? (
              <Trans>They will use {instead} instead.</Trans>
            ) : (
              <Trans>They have nothing to use instead.</Trans>
            )}
          </p>
        </div>
      )}
      {lostChannels.length > 0 && (
        <p className={classes.loss}>
          <Trans>It is the only address of these default channels: {channels}.</Trans>
        </p>
      )}
      <p className={classes.loss}>
        {ruleCount === 0 && instead ? (
          <Trans>Nothing more is sent to it. {instead} stays your primary one.</Trans>
        ) : (
          <Trans>Nothing more is sent to it. To have it back, add and prove it again.</Trans>
        )}
      </p>
      {isWayBack && (
        <p className={classes.loss}>
          {t`${plural(removedEmailDays, {
            one: 'For # day it can still be used to take your user back.',
            other: 'For # days it can still be used to take your user back.',
          })}`}
        </p>
      )}
    </ConfirmDialog>
  )
}
