import type { FragmentType } from '@apollo/client'
import { useMutation, useSuspenseFragment } from '@apollo/client/react'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconDeviceLaptop, IconDeviceMobile, IconLogout } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useRefusal } from '../../app/error-messages.ts'
import {
  RevokeSessionDocument,
  type SessionsSection_UserFragment,
  SessionsSection_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Callout } from '../../ui/Callout.tsx'
import { CardList } from '../../ui/Card.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { EndOthersDialog } from './EndOthersDialog.tsx'
import { LastSeen } from './LastSeen.tsx'
import { SecurityRow } from './SecurityRow.tsx'
import classes from './SessionsSection.module.css'

/** The browsers in which the person is signed in. */
export function SessionsSection(props: { user: FragmentType<SessionsSection_UserFragment> }) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const { data: user } = useSuspenseFragment({
    fragment: SessionsSection_UserFragmentDoc,
    from: props.user,
  })
  const [revoke, { error }] = useMutation(RevokeSessionDocument)
  const refusal = useRefusal(error)
  const [ending, setEnding] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const others = user.sessions.filter(({ current }) => !current).length
  const title = t`Where you are signed in`

  const end = async (id: string, device: string) => {
    setEnding((ids) => new Set(ids).add(id))
    const result = await revoke({ variables: { input: { sessionId: id } } })
    setEnding((ids) => new Set([...ids].filter((other) => other !== id)))
    if (result.error) return
    announce(t`Session of ${device} ended`)
    // The button that had the focus is gone with its row.
    list.current?.focus()
  }

  return (
    <SettingsSection
      title={title}
      anchor="sessions"
      action={
        others > 0 && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconLogout aria-hidden size={16} stroke={1.7} />}
            onClick={() => setAsked(true)}
          >
            {t`${plural(others, { one: 'End the other one', other: 'End the # others' })}`}
          </Button>
        )
      }
    >
      {refusal && (
        <div role="alert" className={classes.news}>
          <Callout tone="danger">{refusal.sentence}</Callout>
        </div>
      )}
      <div ref={list} tabIndex={-1} className={classes.list}>
        <CardList label={title}>
          {user.sessions.map(({ id, device, address, place, current, lastSeenAt }) => (
            <SecurityRow
              key={id}
              icon={<DeviceIcon device={device} />}
              name={device}
              mark={
                current && (
                  <Pill tone="accent">
                    <Trans>This one</Trans>
                  </Pill>
                )
              }
              meta={
                <>
                  {place && <>{place} · </>}
                  {address} · {current ? <Trans>now</Trans> : <LastSeen at={lastSeenAt} />}
                </>
              }
              end={
                !current && (
                  <Button
                    variant="default"
                    size="xs"
                    loading={ending.has(id)}
                    aria-label={t`End the session of ${device}`}
                    onClick={() => void end(id, device)}
                  >
                    <Trans>End</Trans>
                  </Button>
                )
              }
            />
          ))}
        </CardList>
      </div>
      {asked && <EndOthersDialog count={others} onClose={() => setAsked(false)} />}
    </SettingsSection>
  )
}

/** The server names a device as 'Chrome on Android'. */
function DeviceIcon({ device }: { device: string }) {
  const Icon = /Android|iPhone|iPad|iOS/.test(device) ? IconDeviceMobile : IconDeviceLaptop
  return <Icon size={18} stroke={1.7} />
}
