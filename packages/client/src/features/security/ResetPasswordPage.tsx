import { useApolloClient } from '@apollo/client/react'
import { lengths, passwordLength } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { paths } from '../../app/paths.ts'
import { ResetPasswordDocument } from '../../graphql/generated.ts'
import { Callout } from '../../ui/Callout.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { SignInFrame } from './SignInFrame.tsx'
import classes from './SignInParts.module.css'

/** Where the link of a mail leads that sets a new password. */
export function ResetPasswordPage() {
  const { t } = useLingui()
  const [token, forgetToken] = useTokenOfLink()

  return (
    <SignInFrame title={t`Set a new password`} titleFocused={token === ''}>
      {token === '' ? (
        <>
          <div role="alert">
            <Callout tone="danger">
              <Trans>This link was used, is too old, or is not complete. Ask for a new one.</Trans>
            </Callout>
          </div>
          <Button component={Link} to={paths.forgotPassword} size="md">
            <Trans>Ask for a new link</Trans>
          </Button>
        </>
      ) : (
        <NewPasswordForm token={token} onInvalid={forgetToken} />
      )}
    </SignInFrame>
  )
}

/**
 * The secret after "#" of the link, which no server sees; empty when there is none. It leaves the address bar at once,
 * so that neither the history nor a picture of the screen keeps it.
 */
function useTokenOfLink(): [token: string, forgetToken: () => void] {
  const { hash } = useLocation()
  const navigate = useNavigate()
  const [token, setToken] = useState('')
  if (hash !== '' && hash.slice(1) !== token) setToken(hash.slice(1))

  useEffect(() => {
    if (hash !== '') void navigate(paths.resetPassword, { replace: true })
  }, [hash, navigate])

  return [token, () => setToken('')]
}

interface NewPasswordFormProps {
  token: string
  onInvalid: () => void
}

function NewPasswordForm({ token, onInvalid }: NewPasswordFormProps) {
  const { t } = useLingui()
  const client = useApolloClient()
  const navigate = useNavigate()
  const refusalOf = useRefusalOf()
  const [typed, setTyped] = useState({ next: '', again: '' })
  const [busy, setBusy] = useState(false)
  const [attempt, setAttempt] = useState<{ refusal?: Refusal | undefined }>()
  const form = useRef<HTMLFormElement>(null)
  const rulesId = useId()
  const { min, minWithSecondFactor } = passwordLength
  const differs = typed.next !== typed.again
  const refusal = attempt?.refusal

  useEffect(() => {
    if (attempt) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [attempt])

  const submit = async () => {
    if (differs) {
      setAttempt({})
      return
    }
    setBusy(true)
    const { data, error } = await client.mutate({
      mutation: ResetPasswordDocument,
      variables: { input: { token, newPassword: typed.next } },
      fetchPolicy: 'no-cache',
    })
    if (data) {
      // Whoever was signed in here is so no more.
      await client.clearStore()
      await navigate(paths.signInAfter('reset'), { replace: true })
      return
    }
    setBusy(false)
    const refused = refusalOf(error ?? new Error('The answer was empty.'))
    if (refused?.code === 'RESET_LINK_INVALID') onInvalid()
    else setAttempt({ refusal: refused })
  }

  return (
    <form
      ref={form}
      className={classes.form}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
    >
      <p id={rulesId} className={classes.help}>
        <Trans>
          {min} characters or more, or {minWithSecondFactor} if you have two-factor authentication on.
          Several words that have nothing to do with you are good. Setting it signs you out everywhere.
        </Trans>
      </p>
      <PasswordField
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- The page exists to fill in this field.
        autoFocus
        size="md"
        label={t`New password`}
        aria-describedby={rulesId}
        name="new-password"
        autoComplete="new-password"
        maxLength={lengths.password}
        value={typed.next}
        error={refusal && (refusal.fields['newPassword'] ?? refusal.sentence)}
        errorProps={{ role: 'alert' }}
        onChange={(next) => setTyped({ ...typed, next })}
      />
      <PasswordField
        size="md"
        label={t`New password again`}
        name="new-password-again"
        autoComplete="new-password"
        maxLength={lengths.password}
        value={typed.again}
        error={attempt && differs && t`The two do not match.`}
        errorProps={{ role: 'alert' }}
        onChange={(again) => setTyped({ ...typed, again })}
      />
      <Button type="submit" size="md" loading={busy}>
        <Trans>Set password</Trans>
      </Button>
    </form>
  )
}
