import { useMutation } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Checkbox, PasswordInput, SegmentedControl, TextInput, Textarea } from '@mantine/core'
import { useId, useState } from 'react'
import { type Refusal, useRefusalOf } from '../../../app/error-messages.ts'
import { CreateSsoConnectionDocument, UpdateSsoConnectionDocument } from '../../../graphql/generated.ts'
import { useAnnounce } from '../../../ui/Announcer.tsx'
import { Callout } from '../../../ui/Callout.tsx'
import { FormDialog } from '../../../ui/FormDialog.tsx'
import {
  type TypedConnection,
  creationOf,
  isMetadataSource,
  isProtocol,
  typedAtFirst,
  updateOf,
} from './connection-edits.ts'
import type { Connection } from './SsoSection.tsx'
import classes from './ConnectionDialog.module.css'

interface ConnectionDialogProps {
  accountId: string
  /** Absent for a new one. */
  connection?: Connection
  onSaved: (ssoConnectionId: string) => void
  onClose: () => void
}

/** What we have to know of an identity provider. Drawn while it is open only. */
export function ConnectionDialog({ accountId, connection, onSaved, onClose }: ConnectionDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const refusalOf = useRefusalOf()
  const [create, { loading: creating }] = useMutation(CreateSsoConnectionDocument)
  const [update, { loading: updating }] = useMutation(UpdateSsoConnectionDocument)
  const [typed, setTyped] = useState<TypedConnection>(() => typedAtFirst(connection))
  const [refusal, setRefusal] = useState<Refusal>()
  const protocolId = useId()
  const isLocked = connection?.active ?? false
  const change = (changes: Partial<TypedConnection>) => setTyped({ ...typed, ...changes })

  const save = async () => {
    if (!connection) {
      const { data, error } = await create({ variables: { input: creationOf(accountId, typed) } })
      return { id: data?.createSsoConnection.ssoConnection.id, error }
    }
    const { data, error } = await update({
      variables: { input: updateOf(accountId, connection, typed) },
    })
    return { id: data?.updateSsoConnection.ssoConnection.id, error }
  }
  const submit = async () => {
    setRefusal(undefined)
    const { id, error } = await save()
    setRefusal(refusalOf(error))
    if (id === undefined) return
    announce(t`Saved`)
    onSaved(id)
  }

  const forAddresses = { autoCapitalize: 'none', autoComplete: 'off', spellCheck: false } as const
  return (
    <FormDialog
      opened
      title={connection ? t`Edit the connection` : t`Add connection`}
      submitLabel={connection ? t`Save` : t`Add connection`}
      busy={creating || updating}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t`Name`}
        description={t`As members know the provider.`}
        autoComplete="off"
        maxLength={lengths.ssoConnectionName}
        value={typed.name}
        error={refusal?.fields['name']}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      {isLocked && (
        <Callout tone="neutral">
          <Trans>
            Members sign in through this connection. Disable it to change what it is tried with: they must
            not meet settings that nobody has tried.
          </Trans>
        </Callout>
      )}
      {!connection && (
        <div>
          <span id={protocolId} className={classes.label}>
            <Trans>Protocol</Trans>
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby={protocolId}
            data={[
              { value: 'OIDC', label: 'OpenID Connect' },
              { value: 'SAML', label: 'SAML 2.0' },
            ]}
            value={typed.protocol}
            onChange={(protocol) => isProtocol(protocol) && change({ protocol })}
          />
        </div>
      )}
      {typed.protocol === 'OIDC' ? (
        <>
          <TextInput
            {...forAddresses}
            label={t`Issuer`}
            description={t`The address that the provider calls itself by.`}
            type="url"
            inputMode="url"
            placeholder="https://login.example.com"
            disabled={isLocked}
            maxLength={lengths.path}
            value={typed.issuer}
            error={refusal?.fields['issuer']}
            onChange={(event) => change({ issuer: event.currentTarget.value })}
          />
          <TextInput
            {...forAddresses}
            label={t`Client ID`}
            disabled={isLocked}
            value={typed.clientId}
            error={refusal?.fields['clientId']}
            onChange={(event) => change({ clientId: event.currentTarget.value })}
          />
          <PasswordInput
            {...forAddresses}
            label={t`Client secret`}
            description={connection ? t`It is never shown. Leave it empty to keep it.` : undefined}
            data-1p-ignore
            data-lpignore
            disabled={isLocked}
            value={typed.clientSecret}
            error={refusal?.fields['clientSecret']}
            onChange={(event) => change({ clientSecret: event.currentTarget.value })}
            visibilityToggleButtonProps={{ 'aria-label': t`Show the client secret` }}
          />
        </>
      ) : (
        <>
          <div>
            <span id={`${protocolId}-source`} className={classes.label}>
              <Trans>Metadata of the provider</Trans>
            </span>
            <SegmentedControl
              fullWidth
              aria-labelledby={`${protocolId}-source`}
              disabled={isLocked}
              data={[
                { value: 'URL', label: t`By its address` },
                { value: 'XML', label: t`As a document` },
              ]}
              value={typed.metadataSource}
              onChange={(source) => isMetadataSource(source) && change({ metadataSource: source })}
            />
          </div>
          {typed.metadataSource === 'URL' ? (
            <TextInput
              {...forAddresses}
              label={t`Address of the metadata`}
              description={t`It is read once a day, so that new certificates are taken over.`}
              type="url"
              inputMode="url"
              disabled={isLocked}
              maxLength={lengths.url}
              value={typed.metadataUrl}
              error={refusal?.fields['metadataUrl']}
              onChange={(event) => change({ metadataUrl: event.currentTarget.value })}
            />
          ) : (
            <Textarea
              {...forAddresses}
              label={t`Document (XML)`}
              description={
                connection
                  ? t`Leave it empty to keep the one there is. New certificates have to be entered here by hand.`
                  : t`New certificates have to be entered here by hand.`
              }
              rows={6}
              disabled={isLocked}
              value={typed.metadataXml}
              error={refusal?.fields['metadataXml'] ?? refusal?.fields['metadataUrl']}
              onChange={(event) => change({ metadataXml: event.currentTarget.value })}
            />
          )}
          <Checkbox
            label={t`Allow sign-in from the provider’s side`}
            description={t`Risky: an answer that nobody asked for can come from anybody, who may so sign a person in as somebody else without their noticing. Leave it off unless you need the provider’s own start page.`}
            disabled={isLocked}
            checked={typed.allowIdpInitiated}
            onChange={(event) => change({ allowIdpInitiated: event.currentTarget.checked })}
          />
        </>
      )}
      <Checkbox
        label={t`Make people when they first sign in`}
        description={t`Whoever the provider vouches for and nobody knows here becomes a member. Off: only people who are members already get in.`}
        checked={typed.createJustInTime}
        onChange={(event) => change({ createJustInTime: event.currentTarget.checked })}
      />
    </FormDialog>
  )
}
