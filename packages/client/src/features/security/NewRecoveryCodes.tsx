import { useApolloClient } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import {
  RegenerateRecoveryCodesDocument,
  TwoFactorSection_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { OneTimeSecret } from '../../ui/one-time-secret.ts'
import { RecoveryCodesDialog } from './RecoveryCodesDialog.tsx'

/** Asks, since the old codes end, and then shows the new ones once. Drawn while it is open only. */
export function NewRecoveryCodes({ username, onClose }: { username: string; onClose: () => void }) {
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const [codes, setCodes] = useState<OneTimeSecret>()

  const regenerate = async () => {
    setBusy(true)
    // The codes stay out of the cache; the number that is left goes in by hand.
    const { data, error } = await client.mutate({
      mutation: RegenerateRecoveryCodesDocument,
      fetchPolicy: 'no-cache',
    })
    setBusy(false)
    setRefusal(refusalOf(error)?.sentence)
    if (!data) return
    const { recoveryCodes, me } = data.regenerateRecoveryCodes
    setCodes(new OneTimeSecret(recoveryCodes.join('\n')))
    client.cache.updateFragment(
      { fragment: TwoFactorSection_UserFragmentDoc, from: { __typename: 'User', id: me.id } },
      (user) => user && { ...user, twoFactor: me.twoFactor },
    )
  }

  if (codes) {
    return (
      <RecoveryCodesDialog
        codes={codes}
        username={username}
        onConfirm={() => {
          codes.forget()
          onClose()
        }}
      />
    )
  }
  return (
    <ConfirmDialog
      opened
      title={t`Make new recovery codes?`}
      confirmLabel={t`Make new codes`}
      cancelLabel={t`Keep the old ones`}
      busy={busy}
      refusal={refusal}
      onConfirm={() => void regenerate()}
      onClose={onClose}
    >
      <Trans>The old ones are worth nothing from then on, wherever you have stored them.</Trans>
    </ConfirmDialog>
  )
}
