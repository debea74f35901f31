import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconPlus, IconShieldCheck } from '@tabler/icons-react'
import { useState } from 'react'
import {
  type SsoSection_AccountFragment,
  SsoSection_AccountFragmentDoc,
} from '../../../graphql/generated.ts'
import { Card, CardList } from '../../../ui/Card.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { SettingsSection } from '../../../ui/SettingsSection.tsx'
import { ConnectionDialog } from './ConnectionDialog.tsx'
import { ConnectionRow } from './ConnectionRow.tsx'
import { DeleteConnectionDialog } from './DeleteConnectionDialog.tsx'
import { DisableSsoDialog } from './DisableSsoDialog.tsx'
import { EnableSsoDialog } from './EnableSsoDialog.tsx'

export type Connection = SsoSection_AccountFragment['ssoConnections'][number]
export type ConnectionAct = 'edit' | 'enable' | 'disable' | 'delete'

type Open = { dialog: 'add' } | { dialog: ConnectionAct; connection: Connection }

/** The identity providers of an account: set up, tried, and made the way in for its members. */
export function SsoSection({ account: masked }: { account: FragmentType<SsoSection_AccountFragment> }) {
  const { t } = useLingui()
  const { data: account } = useSuspenseFragment({ fragment: SsoSection_AccountFragmentDoc, from: masked })
  const [open, setOpen] = useState<Open>()
  const [addedId, setAddedId] = useState<string>()
  const { id: accountId, name: accountName, ssoConnections: connections } = account
  const title = t`Single sign-on`
  const hide = () => setOpen(undefined)

  const addButton = (
    <Button
      variant="default"
      leftSection={<IconPlus aria-hidden size={18} stroke={1.7} />}
      onClick={() => setOpen({ dialog: 'add' })}
    >
      <Trans>Add connection</Trans>
    </Button>
  )

  return (
    <SettingsSection
      title={title}
      help={t`Members sign in through your own identity provider. Take OpenID Connect where your provider speaks it: less of it can be forged than of SAML.`}
      {...(connections.length > 0 && { action: addButton })}
    >
      {connections.length === 0 ? (
        <Card>
          <EmptyState
            icon={<IconShieldCheck size={22} stroke={1.7} />}
            title={t`No connection yet`}
            help={t`Add one, try it, and enable it once it works. Until then nothing changes for anybody.`}
            action={addButton}
          />
        </Card>
      ) : (
        <CardList label={title}>
          {connections.map((connection) => (
            <ConnectionRow
              key={connection.id}
              connection={connection}
              showsAddresses={connection.id === addedId}
              onAct={(dialog) => setOpen({ dialog, connection })}
            />
          ))}
        </CardList>
      )}
      {open?.dialog === 'add' && (
        <ConnectionDialog
          accountId={accountId}
          onSaved={(id) => {
            setAddedId(id)
            hide()
          }}
          onClose={hide}
        />
      )}
      {open?.dialog === 'edit' && (
        <ConnectionDialog
          accountId={accountId}
          connection={open.connection}
          onSaved={hide}
          onClose={hide}
        />
      )}
      {open?.dialog === 'enable' && (
        <EnableSsoDialog
          accountId={accountId}
          accountName={accountName}
          connection={open.connection}
          onClose={hide}
        />
      )}
      {open?.dialog === 'disable' && (
        <DisableSsoDialog
          accountId={accountId}
          accountName={accountName}
          connection={open.connection}
          onClose={hide}
        />
      )}
      {open?.dialog === 'delete' && (
        <DeleteConnectionDialog accountId={accountId} connection={open.connection} onClose={hide} />
      )}
    </SettingsSection>
  )
}
