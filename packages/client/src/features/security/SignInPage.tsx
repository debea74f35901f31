import { useApolloClient } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox, TextInput } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { type FormEvent, useRef, useState } from 'react'
import { Link } from 'react-router'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { paths } from '../../app/paths.ts'
import { SignInDocument } from '../../graphql/generated.ts'
import { Callout } from '../../ui/Callout.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { LeavingNotice } from './LeavingNotice.tsx'
import { PasskeyButton } from './PasskeyButton.tsx'
import { SignedOutNotice } from './SignedOutNotice.tsx'
import { SignInFrame } from './SignInFrame.tsx'
import { SsoFailure } from './SsoFailure.tsx'
import { usePasskeySignIn } from './use-passkey-sign-in.ts'
import { useSignInSteps } from './use-sign-in-steps.ts'
import classes from './SignInParts.module.css'

/** Where a person says who they are, and from where they are led to where they wanted to go. */
export function SignInPage() {
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const { goOn, linkTo, leaving } = useSignInSteps()
  const [typed, setTyped] = useState({ login: '', password: '', rememberMe: false })
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const passkey = usePasskeySignIn({ rememberMe: typed.rememberMe, onAnswer: goOn })
  const loginField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const isLocked = [refusal, passkey.refusal].some((one) => one?.code === 'RECOVERY_REQUIRED')

  const attempt = async (): Promise<Refusal | undefined> => {
    const { data, error } = await client.mutate({
      mutation: SignInDocument,
      variables: { input: typed },
      // Nothing typed here stays behind in the cache.
      fetchPolicy: 'no-cache',
    })
    if (!data) return refusalOf(error ?? new Error('The answer was empty.'))
    await goOn(data.signIn)
    return undefined
  }
  const submit = async () => {
    setBusy(true)
    setRefusal(undefined)
    const refused = await attempt()
    setBusy(false)
    if (!refused) return
    setRefusal(refused)
    const fieldAtFault = refused.fields['login'] ? loginField : passwordField
    fieldAtFault.current?.focus()
  }
  const passwordProblem = () => {
    if (!refusal || refusal.code === 'RECOVERY_REQUIRED') return undefined
    return refusal.fields['password'] ?? (refusal.fields['login'] ? undefined : refusal.sentence)
  }

  return (
    <SignInFrame title={t`Sign in`}>
      <SignedOutNotice />
      <SsoFailure />
      {leaving && <LeavingNotice />}
      {isLocked && (
        <div role="alert">
          <Callout tone="danger">
            <Trans>
              Your user is locked. Set a new password to sign in:{' '}
              <Link to={paths.forgotPassword}>have a link mailed</Link>.
            </Trans>
          </Callout>
        </div>
      )}
      <form
        className={classes.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!busy && !leaving) void submit()
        }}
      >
        <TextInput
          ref={loginField}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- The page exists to fill in this field.
          autoFocus
          size="md"
          label={t`Username or email`}
          name="username"
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={lengths.login}
          value={typed.login}
          error={refusal?.fields['login']}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setTyped({ ...typed, login: event.currentTarget.value })}
        />
        <div className={classes.password}>
          <PasswordField
            ref={passwordField}
            size="md"
            label={t`Password`}
            name="password"
            autoComplete="current-password"
            maxLength={lengths.password}
            value={typed.password}
            error={passwordProblem()}
            errorProps={{ role: 'alert' }}
            onChange={(password) => setTyped({ ...typed, password })}
          />
          <Link className={classes.forgot} to={linkTo(paths.forgotPassword)}>
            <Trans>Forgot password?</Trans>
          </Link>
        </div>
        <Checkbox
          label={t`Keep me signed in on this device`}
          checked={typed.rememberMe}
          onChange={(event) => setTyped({ ...typed, rememberMe: event.currentTarget.checked })}
        />
        <Button type="submit" size="md" loading={busy || leaving}>
          <Trans>Sign in</Trans>
        </Button>
      </form>
      <p className={classes.or}>
        <Trans>or</Trans>
      </p>
      <div className={classes.others}>
        <PasskeyButton loading={passkey.signingIn} onClick={() => void passkey.signIn()} />
        {passkey.refusal && passkey.refusal.code !== 'RECOVERY_REQUIRED' && (
          <p role="alert" className={classes.problem}>
            {passkey.refusal.sentence}
          </p>
        )}
        <Button
          component={Link}
          to={linkTo(paths.organisation)}
          variant="default"
          size="md"
          classNames={{ root: classes.long, label: classes.longLabel }}
          leftSection={<IconBuilding aria-hidden size={18} stroke={1.7} />}
        >
          <Trans>Sign in with your organisation</Trans>
        </Button>
      </div>
    </SignInFrame>
  )
}
