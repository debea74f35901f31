import { useApolloClient } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { DisableTwoFactorDocument } from '../../graphql/generated.ts'
import { CodeField } from '../../ui/CodeField.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { NameForPasswords } from '../../ui/NameForPasswords.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'

interface TurnOffTwoFactorDialogProps {
  username: string
  /** The accounts that ask for it, as a person reads them. */
  requiredBy: string | undefined
  onTurnedOff: () => void
  onClose: () => void
}

/** Asks for both factors: a stolen session alone, or a stolen phone, must not do this. Drawn while it is open only. */
export function TurnOffTwoFactorDialog(props: TurnOffTwoFactorDialogProps) {
  const { username, requiredBy, onTurnedOff, onClose } = props
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const [typed, setTyped] = useState({ password: '', code: '' })
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()

  const submit = async () => {
    setBusy(true)
    // Not by a hook, whose state would hold the password.
    const { error } = await client.mutate({
      mutation: DisableTwoFactorDocument,
      variables: { input: typed },
    })
    setBusy(false)
    const refused = refusalOf(error)
    if (!refused) {
      onClose()
      onTurnedOff()
      return
    }
    const sentence = refused.code === 'CREDENTIALS_WRONG' ? t`That is not your password.` : refused.sentence
    const field = refused.code === 'CREDENTIALS_WRONG' ? { password: sentence } : {}
    setRefusal({ ...refused, sentence, fields: { ...refused.fields, ...field } })
  }

  return (
    <FormDialog
      opened
      title={t`Turn off two-factor authentication`}
      submitLabel={t`Turn off`}
      busy={busy}
      refusal={refusal}
      refusedMeans={t`It is still on.`}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p>
        <Trans>
          Your password alone signs you in then. Your other sessions end, and the recovery codes too.
        </Trans>{' '}
        {requiredBy && <Trans>You lose access to {requiredBy} until you set it up again.</Trans>}
      </p>
      <NameForPasswords username={username} />
      <PasswordField
        data-autofocus
        label={t`Password`}
        autoComplete="current-password"
        maxLength={lengths.password}
        value={typed.password}
        error={refusal?.fields['password']}
        onChange={(password) => setTyped({ ...typed, password })}
      />
      <CodeField
        label={t`Code`}
        description={t`The six digits that your authenticator app shows.`}
        value={typed.code}
        error={refusal && (refusal.fields['code'] ?? (refusal.code === 'CODE_WRONG' && refusal.sentence))}
        onChange={(code) => setTyped({ ...typed, code })}
      />
    </FormDialog>
  )
}
