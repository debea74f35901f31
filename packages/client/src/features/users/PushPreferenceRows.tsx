import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { isSound, sounds } from '@lanyard/contract/sounds'
import { useLingui } from '@lingui/react/macro'
import { ActionIcon, Select, Switch } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { soundNames, thresholdNames } from '../../app/push-words.ts'
import {
  type PersistentThreshold,
  type PushPreferenceRows_UserFragment,
  PushPreferenceRows_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { SettingRow } from '../../ui/SettingRow.tsx'
import { usePreference } from './use-preference.ts'
import classes from './PushPreferenceRows.module.css'

/** From the least to the most. */
const thresholds: readonly PersistentThreshold[] = ['NEVER', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']

/** How pushes behave on every device of the person. */
export function PushPreferenceRows(props: { user: FragmentType<PushPreferenceRows_UserFragment> }) {
  const { data: user } = useSuspenseFragment({
    fragment: PushPreferenceRows_UserFragmentDoc,
    from: props.user,
  })
  return (
    <>
      <PersistentRow user={user} />
      <SoundRow user={user} />
      <ShowsContentRow user={user} />
    </>
  )
}

type Row = { user: PushPreferenceRows_UserFragment }

function PersistentRow({ user }: Row) {
  const { t, i18n } = useLingui()
  const { value, change, state } = usePreference(
    'appNotificationPersistent',
    user.appNotificationPersistent,
  )
  return (
    <SettingRow
      label={t`Persistent app notifications`}
      help={t`Pushes stay on the screen until you answer, from this urgency up.`}
      control="wide"
      save={state}
    >
      {({ input }) => (
        <Select
          {...input}
          allowDeselect={false}
          data={thresholds.map((threshold) => ({
            value: threshold,
            label: i18n._(thresholdNames[threshold]),
          }))}
          value={value}
          onChange={(chosen) => change(thresholds.find((threshold) => threshold === chosen) ?? value)}
        />
      )}
    </SettingRow>
  )
}

function SoundRow({ user }: Row) {
  const { t, i18n } = useLingui()
  const { value, change, state } = usePreference('appNotificationSound', user.appNotificationSound)
  const [unheard, setUnheard] = useState(false)
  const ofTheDevice = value === 'default'

  const play = async () => {
    // Fetched when it is first wanted.
    const { playSound } = await import('../../ui/sounds.ts')
    setUnheard(!(await playSound(value)))
  }
  const help = () => {
    if (ofTheDevice) return t`Every device has its own, so there is nothing to play here.`
    if (unheard) return t`This browser did not play it.`
    return t`Made by this page while it is open; otherwise the device makes its own.`
  }

  return (
    <SettingRow
      label={t`App notification sound`}
      help={help()}
      control="wide"
      // What has just been asked for is told before what was saved.
      {...(!unheard && { save: state })}
    >
      {({ input }) => (
        <div className={classes.sound}>
          <Select
            {...input}
            allowDeselect={false}
            data={sounds.map((sound) => ({ value: sound, label: i18n._(soundNames[sound]) }))}
            value={value}
            onChange={(chosen) => {
              setUnheard(false)
              if (isSound(chosen)) change(chosen)
            }}
          />
          <ActionIcon
            variant="default"
            size="var(--ly-height-input)"
            aria-label={t`Play the sound`}
            disabled={ofTheDevice}
            onClick={() => void play().catch(() => setUnheard(true))}
          >
            <IconPlayerPlay aria-hidden size={18} stroke={1.7} />
          </ActionIcon>
        </div>
      )}
    </SettingRow>
  )
}

function ShowsContentRow({ user }: Row) {
  const { t } = useLingui()
  const { value, change, state } = usePreference('pushShowsContent', user.pushShowsContent)
  return (
    <SettingRow
      label={t`Show content on the lock screen`}
      help={t`Otherwise a push says only that there is something to read.`}
      control="switch"
      save={state}
    >
      {({ id, describedBy }) => (
        <Switch
          id={id}
          aria-describedby={describedBy}
          checked={value}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      )}
    </SettingRow>
  )
}
