import type { FragmentType } from '@apollo/client'
import { useMutation, useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Checkbox } from '@mantine/core'
import { useRef, useState } from 'react'
import { channelNames } from '../../app/channel-names.ts'
import { useRefusalOf } from '../../app/error-messages.ts'
import {
  type Channel,
  type DefaultChannels_UserFragment,
  DefaultChannels_UserFragmentDoc,
  SetNotificationChannelsDocument,
} from '../../graphql/generated.ts'
import { Card } from '../../ui/Card.tsx'
import { SaveStatus } from '../../ui/SaveStatus.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { useSave } from '../../ui/use-save.ts'
import { DefaultChannelHelp } from './DefaultChannelHelp.tsx'
import classes from './DefaultChannels.module.css'

/** How an alert reaches the person when no rule says otherwise. Each box saves by itself. */
export function DefaultChannels(props: { user: FragmentType<DefaultChannels_UserFragment> }) {
  const { t, i18n } = useLingui()
  const { data: user } = useSuspenseFragment({
    fragment: DefaultChannels_UserFragmentDoc,
    from: props.user,
  })
  const { chosen, choose, state } = useDefaultChannels(user.notificationChannels)

  return (
    <SettingsSection
      title={t`Default channels`}
      help={t`Used for an alert when no rule says otherwise.`}
      status={<SaveStatus state={state} />}
    >
      <Card>
        <div className={classes.channels}>
          {user.channels.map((entry) => {
            const { channel, missing } = entry
            const id = `default-${channel}`
            return (
              <div key={channel} className={classes.channel} data-off={missing !== null || undefined}>
                <Checkbox
                  id={id}
                  aria-describedby={`${id}-help`}
                  checked={chosen.includes(channel)}
                  // What was chosen once can be given up, whatever is missing now.
                  disabled={missing !== null && !chosen.includes(channel)}
                  onChange={(event) => choose(channel, event.currentTarget.checked)}
                />
                <div className={classes.text}>
                  <label htmlFor={id} className={classes.name}>
                    {i18n._(channelNames[channel])}
                  </label>
                  <p id={`${id}-help`} className={classes.help}>
                    <DefaultChannelHelp entry={entry} user={user} />
                  </p>
                </div>
              </div>
            )
          })}
        </div>
        {chosen.length === 0 && (
          <p className={classes.none}>
            <Trans>With no channel chosen, an alert that no rule handles comes to your inbox only.</Trans>
          </p>
        )}
      </Card>
    </SettingsSection>
  )
}

/** Boxes move at once. The whole choice is sent each time, one after the other, so that the last one stays. */
function useDefaultChannels(stored: readonly Channel[]) {
  const refusalOf = useRefusalOf()
  const [setNotificationChannels] = useMutation(SetNotificationChannelsDocument)
  const { state, save } = useSave()
  const [wanted, setWanted] = useState<readonly Channel[]>()
  const queue = useRef<Promise<unknown>>(Promise.resolve())
  const chosen = wanted ?? stored

  function choose(channel: Channel, on: boolean): void {
    const others = chosen.filter((other) => other !== channel)
    const channels = on ? [...others, channel] : others
    void save(async () => {
      setWanted(channels)
      const sent = queue.current.then(() => setNotificationChannels({ variables: { input: { channels } } }))
      queue.current = sent
      const { error } = await sent
      setWanted((latest) => (latest === channels ? undefined : latest))
      return refusalOf(error)?.sentence
    })
  }

  return { chosen, choose, state }
}
