import { useQuery } from '@apollo/client/react'
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { TextInput } from '@mantine/core'
import { lengths } from '@lanyard/contract/limits'
import { useState } from 'react'
import { useRefusal } from '../../app/error-messages.ts'
import { StepUpDocument, type StepUpMethod } from '../../graphql/generated.ts'
import { CodeField } from '../../ui/CodeField.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { NameForPasswords } from '../../ui/NameForPasswords.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { supportsPasskeys } from './passkey-support.ts'
import { useConfirmStepUp } from './use-confirm-step-up.ts'
import classes from './StepUpDialog.module.css'

/** What asks least of the person comes first. */
const order: readonly StepUpMethod[] = ['PASSKEY', 'TOTP', 'PASSWORD', 'SSO', 'RECOVERY_CODE']

const insteadWords: Record<StepUpMethod, MessageDescriptor> = {
  PASSKEY: msg`Use a passkey instead`,
  TOTP: msg`Use a code of your authenticator app instead`,
  PASSWORD: msg`Use your password instead`,
  SSO: msg`Sign in through your organisation instead`,
  RECOVERY_CODE: msg`Use a recovery code instead`,
}

interface StepUpDialogProps {
  onProven: () => void
  onCancel: () => void
}

/** Asks who it is before something that a thief of this session must not do. What was begun goes on afterwards. */
export function StepUpDialog({ onProven, onCancel }: StepUpDialogProps) {
  const { t, i18n } = useLingui()
  const { data, error, refetch } = useQuery(StepUpDocument, { fetchPolicy: 'no-cache' })
  const unread = useRefusal(error)
  const [chosen, setChosen] = useState<StepUpMethod>()
  const [typed, setTyped] = useState('')
  const { confirm, confirming, refusal, forget } = useConfirmStepUp()
  const methods = order.filter(
    (one) => data?.me?.stepUp.methods.includes(one) && (one !== 'PASSKEY' || supportsPasskeys()),
  )
  const method = chosen ?? methods[0]
  if (!data?.me && !unread) return null

  const choose = (other: StepUpMethod) => {
    setChosen(other)
    setTyped('')
    forget()
  }
  const submit = async () => {
    if (!method) await refetch().catch(() => undefined)
    else if (await confirm(method, typed, data?.me?.stepUp.ssoUrl ?? undefined)) onProven()
  }
  const submitLabel = () => {
    if (method === 'PASSKEY') return t`Use a passkey`
    if (method === 'SSO') return t`Go to your organisation`
    return method ? t`Confirm` : t`Try again`
  }

  return (
    <FormDialog
      opened
      covers
      title={t`Confirm that it is you`}
      submitLabel={submitLabel()}
      busy={confirming}
      refusal={refusal ?? unread}
      refusedMeans={t`Not confirmed.`}
      onSubmit={() => void submit()}
      onClose={onCancel}
    >
      <p className={classes.why}>
        {data?.me && !method ? (
          <Trans>
            This browser can use none of the ways in which you can prove it. Sign in again with a passkey or
            a password; “Forgot password?” makes you one.
          </Trans>
        ) : (
          <Trans>
            What you are about to do protects your user. Nobody asks again for the next ten minutes.
          </Trans>
        )}
      </p>
      {data?.me && <NameForPasswords username={data.me.username} />}
      {method && (
        <MethodField
          key={method}
          method={method}
          value={typed}
          error={refusal?.fieldProblem}
          onChange={setTyped}
        />
      )}
      <ul className={classes.others}>
        {methods
          .filter((one) => one !== method)
          .map((one) => (
            <li key={one}>
              <TextButton onClick={() => choose(one)}>{i18n._(insteadWords[one])}</TextButton>
            </li>
          ))}
      </ul>
    </FormDialog>
  )
}

interface MethodFieldProps {
  method: StepUpMethod
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function MethodField({ method, value, error, onChange }: MethodFieldProps) {
  const { t } = useLingui()
  if (method === 'PASSWORD') {
    return (
      <PasswordField
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- It is what the dialog asks for.
        autoFocus
        data-autofocus
        label={t`Password`}
        autoComplete="current-password"
        maxLength={lengths.password}
        value={value}
        error={error}
        onChange={onChange}
      />
    )
  }
  if (method === 'TOTP') {
    return (
      <CodeField
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- It is what the dialog asks for.
        autoFocus
        data-autofocus
        label={t`Code`}
        description={t`The six digits that your authenticator app shows.`}
        value={value}
        error={error}
        onChange={onChange}
      />
    )
  }
  if (method === 'RECOVERY_CODE') {
    return (
      <TextInput
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- It is what the dialog asks for.
        autoFocus
        data-autofocus
        label={t`Recovery code`}
        description={t`It is used up by this.`}
        classNames={{ input: 'ly-mono' }}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  if (method === 'PASSKEY') return null

  return (
    <p className={classes.why}>
      <Trans>This page is left for it. What you have typed here is not kept.</Trans>
    </p>
  )
}
