import { Trans, useLingui } from '@lingui/react/macro'
import { plural } from '@lingui/core/macro'
import { type ReactElement, useId, useState } from 'react'
import type { ChannelNeed, DefaultChannels_UserFragment } from '../../graphql/generated.ts'
import { formatPhone } from '../../ui/format-phone.ts'
import { TextButton } from '../../ui/TextButton.tsx'

interface DefaultChannelHelpProps {
  entry: DefaultChannels_UserFragment['channels'][number]
  user: DefaultChannels_UserFragment
}

/** Where a channel leads, or what it lacks. */
export function DefaultChannelHelp({ entry, user }: DefaultChannelHelpProps) {
  if (entry.missing) return wayOut[entry.missing]
  return (
    <>
      <Target entry={entry} user={user} />
      {entry.alertsOnly && (
        <>
          {', '}
          <Trans>only when an alert opens</Trans>
        </>
      )}
    </>
  )
}

const wayOut: Record<ChannelNeed, ReactElement> = {
  NOT_CONFIGURED: <NotConfigured />,
  PROVEN_EMAIL: (
    <Trans>
      <a href="#emails">Prove an email</a> first.
    </Trans>
  ),
  VERIFIED_PHONE: (
    <Trans>
      <a href="#phones">Verify a phone</a> first.
    </Trans>
  ),
  DEVICE: (
    <Trans>
      <a href="#devices">Register a device</a> first.
    </Trans>
  ),
  SLACK_LINK: (
    <Trans>
      <a href="#devices">Link Slack</a> first.
    </Trans>
  ),
}

function NotConfigured() {
  const [open, setOpen] = useState(false)
  const whyId = useId()
  return (
    <>
      <Trans>Not set up on this server.</Trans>{' '}
      <TextButton expanded={open} controls={whyId} onClick={() => setOpen(!open)}>
        <Trans>Why?</Trans>
      </TextButton>
      <span id={whyId} hidden={!open}>
        {' '}
        <Trans>
          Whoever runs this server has named no carrier for it. Only they can; nothing is sent there until
          then.
        </Trans>
      </span>
    </>
  )
}

/** The address that is used: the primary one, or another that works. */
function Target({ entry: { channel }, user }: DefaultChannelHelpProps) {
  const { t } = useLingui()
  const { emails, phones, pushDevices, slackLinks } = user

  if (channel === 'PUSH') {
    return t`${plural(pushDevices.length, { one: '# device', other: '# devices' })}`
  }
  if (channel === 'SLACK') return slackLinks.map(({ handle }) => `@${handle}`).join(', ')
  if (channel === 'EMAIL')
    return emails.find(({ verifiedAt, blockedAt }) => verifiedAt && !blockedAt)?.address

  const phone = phones.find(
    ({ verifiedAt, blockedChannels }) => verifiedAt && !blockedChannels.includes(channel),
  )
  return phone && formatPhone(phone.number, phone.country)
}
