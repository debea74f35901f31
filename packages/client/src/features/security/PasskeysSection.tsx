import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { passkeysPerUser } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconFingerprint, IconPlus, IconUsb } from '@tabler/icons-react'
import { useState } from 'react'
import {
  type PasskeysSection_UserFragment,
  PasskeysSection_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Callout } from '../../ui/Callout.tsx'
import { Card, CardList } from '../../ui/Card.tsx'
import { DayTime } from '../../ui/DayTime.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { PasskeyMenu } from './PasskeyMenu.tsx'
import { supportsPasskeys } from './passkey-support.ts'
import { RemovePasskeyDialog } from './RemovePasskeyDialog.tsx'
import { RenamePasskeyDialog } from './RenamePasskeyDialog.tsx'
import { SecurityRow } from './SecurityRow.tsx'
import { useAddPasskey } from './use-add-passkey.ts'
import classes from './PasskeysSection.module.css'

type Passkey = PasskeysSection_UserFragment['passkeys'][number]

interface Open {
  dialog: 'rename' | 'remove'
  passkey: { id: string; name: string }
}

/** The devices and keys that sign in without a password. */
export function PasskeysSection(props: { user: FragmentType<PasskeysSection_UserFragment> }) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const { data: user } = useSuspenseFragment({
    fragment: PasskeysSection_UserFragmentDoc,
    from: props.user,
  })
  const { add, adding, problem } = useAddPasskey()
  const [open, setOpen] = useState<Open>()
  const [added, setAdded] = useState<{ id: string; name: string }>()
  const impossible = useImpossible(user.passkeys.length)
  const title = t`Passkeys`
  // It may have been renamed or removed since.
  const fresh = user.passkeys.find(({ id }) => id === added?.id)

  const addOne = async () => {
    setAdded(undefined)
    const passkey = await add()
    if (!passkey) return
    setAdded(passkey)
    announce(t`Passkey added`)
  }

  return (
    <SettingsSection
      title={title}
      anchor="passkeys"
      help={
        <>
          <Trans>Sign in with your fingerprint, face or key. Nothing to type, nothing to phish.</Trans>{' '}
          {impossible}
        </>
      }
      action={
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus aria-hidden size={16} stroke={1.7} />}
          disabled={impossible !== undefined}
          loading={adding}
          onClick={() => void addOne()}
        >
          <Trans>Add a passkey</Trans>
        </Button>
      }
    >
      {problem && (
        <div role="alert" className={classes.news}>
          <Callout tone="danger">{problem}</Callout>
        </div>
      )}
      {fresh && <Added passkey={fresh} onRename={() => setOpen({ dialog: 'rename', passkey: fresh })} />}
      {user.passkeys.length === 0 ? (
        <Card>
          <EmptyState
            icon={<IconFingerprint size={22} stroke={1.7} />}
            title={t`No passkeys yet`}
            help={t`A passkey stays on your device or in your password manager. It replaces password and code.`}
          />
        </Card>
      ) : (
        <CardList label={title}>
          {user.passkeys.map((passkey) => (
            <SecurityRow
              key={passkey.id}
              icon={
                passkey.synced ? (
                  <IconFingerprint size={18} stroke={1.7} />
                ) : (
                  <IconUsb size={18} stroke={1.7} />
                )
              }
              name={passkey.name}
              meta={<About passkey={passkey} />}
              end={
                <PasskeyMenu
                  name={passkey.name}
                  onRename={() => setOpen({ dialog: 'rename', passkey })}
                  onRemove={() => setOpen({ dialog: 'remove', passkey })}
                />
              }
            />
          ))}
        </CardList>
      )}
      {open?.dialog === 'rename' && (
        <RenamePasskeyDialog passkey={open.passkey} onClose={() => setOpen(undefined)} />
      )}
      {open?.dialog === 'remove' && (
        <RemovePasskeyDialog passkey={open.passkey} onClose={() => setOpen(undefined)} />
      )}
    </SettingsSection>
  )
}

/** Why none can be added, if so. */
function useImpossible(count: number): string | undefined {
  const { t } = useLingui()
  if (!supportsPasskeys()) return t`This browser cannot make one here.`
  if (count >= passkeysPerUser) return t`You have as many as there may be. Remove one first.`
  return undefined
}

function Added({ passkey: { name }, onRename }: { passkey: { name: string }; onRename: () => void }) {
  return (
    <div className={classes.news}>
      <Callout tone="ok">
        <Trans>
          Passkey “{name}” added. <TextButton onClick={onRename}>Give it another name</TextButton>
        </Trans>
      </Callout>
    </div>
  )
}

function About({ passkey: { synced, provider, createdAt, lastUsedAt } }: { passkey: Passkey }) {
  return (
    <>
      {synced ? <Trans>Synced</Trans> : <Trans>This key only</Trans>}
      {provider && <> · {provider}</>} ·{' '}
      <Trans>
        added <DayTime at={createdAt} />
      </Trans>{' '}
      ·{' '}
      {lastUsedAt ? (
        <Trans>
          last used <DayTime at={lastUsedAt} />
        </Trans>
      ) : (
        <Trans>never used</Trans>
      )}
    </>
  )
}
