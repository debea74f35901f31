import type { FragmentType } from '@apollo/client'
import { useMutation, useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconBrandSlack, IconDeviceLaptop, IconDeviceMobile, IconLink, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import {
  type DevicesAndSlack_UserFragment,
  DevicesAndSlack_UserFragmentDoc,
  RemovePushDeviceDocument,
  UnlinkSlackDocument,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Callout } from '../../ui/Callout.tsx'
import { Card, CardList } from '../../ui/Card.tsx'
import { DayTime } from '../../ui/DayTime.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { LinkedRow } from './LinkedRow.tsx'
import { UnlinkDialog } from './UnlinkDialog.tsx'
import { useLinkSlack } from './use-link-slack.ts'
import { useThisDevice } from './use-this-device.ts'
import classes from './DevicesAndSlack.module.css'

/** What is about to be given up, and its name. */
interface Removal {
  channel: 'PUSH' | 'SLACK'
  id: string
  name: string
}

/** The browsers that take pushes, and the Slack accounts that are linked. */
export function DevicesAndSlack(props: { user: FragmentType<DevicesAndSlack_UserFragment> }) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const { data: user } = useSuspenseFragment({
    fragment: DevicesAndSlack_UserFragmentDoc,
    from: props.user,
  })
  const thisDevice = useThisDevice()
  const slack = useLinkSlack()
  const [removing, setRemoving] = useState<Removal>()
  const [removePushDevice, deviceRemoval] = useMutation(RemovePushDeviceDocument)
  const [unlinkSlack, slackRemoval] = useMutation(UnlinkSlackDocument)
  const title = t`Devices and Slack`
  const slackConfigured = user.channels.some(({ channel, configured }) => channel === 'SLACK' && configured)
  const isRegistered = user.pushDevices.some(({ id }) => id === thisDevice.id)

  async function register(): Promise<void> {
    if (await thisDevice.register()) announce(t`This device is registered`)
  }

  function ask(removal: Removal): void {
    deviceRemoval.reset()
    slackRemoval.reset()
    setRemoving(removal)
  }

  async function remove({ channel, id, name }: Removal): Promise<void> {
    const { error } =
      channel === 'PUSH'
        ? await removePushDevice({ variables: { input: { pushDeviceId: id } } })
        : await unlinkSlack({ variables: { input: { slackLinkId: id } } })
    if (error) return
    if (id === thisDevice.id) thisDevice.forget()
    announce(channel === 'PUSH' ? t`${name} removed` : t`${name} unlinked`)
    setRemoving(undefined)
  }

  const ofChannel = { PUSH: user.pushDevices, SLACK: user.slackLinks }
  return (
    <SettingsSection
      title={title}
      anchor="devices"
      help={
        <>
          {thisDevice.impossibleBecause}{' '}
          {!slackConfigured && (
            <Trans>Slack is not set up on this server; whoever runs it can change that.</Trans>
          )}
        </>
      }
      action={
        <div className={classes.actions}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconLink aria-hidden size={16} stroke={1.7} />}
            disabled={!slackConfigured}
            loading={slack.linking}
            onClick={slack.link}
          >
            <Trans>Link Slack</Trans>
          </Button>
          {!isRegistered && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus aria-hidden size={16} stroke={1.7} />}
              disabled={thisDevice.impossibleBecause !== undefined}
              loading={thisDevice.registering}
              onClick={() => void register()}
            >
              <Trans>Register this device</Trans>
            </Button>
          )}
        </div>
      }
    >
      {[thisDevice.problem, slack.problem].map(
        (problem) =>
          problem && (
            <div key={problem} role="alert" className={classes.news}>
              <Callout tone="danger">{problem}</Callout>
            </div>
          ),
      )}
      {slack.justLinked && (
        <output className={classes.news}>
          <Callout tone="ok">
            <Trans>Slack is linked.</Trans>
          </Callout>
        </output>
      )}
      {user.pushDevices.length + user.slackLinks.length === 0 ? (
        <Card>
          <EmptyState
            icon={<IconDeviceMobile size={22} stroke={1.7} />}
            title={t`No device and no Slack yet`}
            help={t`Register the browsers you use, on each device, to be told there while no page is open.`}
          />
        </Card>
      ) : (
        <CardList label={title}>
          {user.pushDevices.map(({ id, name, createdAt, health }) => (
            <LinkedRow
              key={id}
              id={id}
              channel="PUSH"
              icon={<DeviceIcon name={name} />}
              name={name}
              mark={
                id === thisDevice.id && (
                  <Pill>
                    <Trans>This device</Trans>
                  </Pill>
                )
              }
              works={<Trans>Working</Trans>}
              origin={
                <Trans>
                  registered <DayTime at={createdAt} />
                </Trans>
              }
              health={health}
              removeLabel={t`Remove…`}
              onRemove={() => ask({ channel: 'PUSH', id, name })}
            />
          ))}
          {user.slackLinks.map(({ id, handle, workspace, linkedAt, health }) => (
            <LinkedRow
              key={id}
              id={id}
              channel="SLACK"
              icon={<IconBrandSlack size={18} stroke={1.7} />}
              name={`@${handle}`}
              works={<Trans>Working</Trans>}
              origin={
                <Trans>
                  workspace {workspace} · linked <DayTime at={linkedAt} />
                </Trans>
              }
              health={health}
              removeLabel={t`Unlink…`}
              onRemove={() => ask({ channel: 'SLACK', id, name: `@${handle}` })}
            />
          ))}
        </CardList>
      )}
      {removing && (
        <UnlinkDialog
          channel={removing.channel}
          name={removing.name}
          isOnlyOne={
            ofChannel[removing.channel].length === 1 && user.notificationChannels.includes(removing.channel)
          }
          busy={deviceRemoval.loading || slackRemoval.loading}
          error={deviceRemoval.error ?? slackRemoval.error}
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </SettingsSection>
  )
}

/** The server names a device as 'Chrome on Android'. */
function DeviceIcon({ name }: { name: string }) {
  const Icon = /Android|iPhone|iPad|iOS/.test(name) ? IconDeviceMobile : IconDeviceLaptop
  return <Icon size={18} stroke={1.7} />
}
