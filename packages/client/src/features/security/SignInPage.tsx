import { useApolloClient, useMutation } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { returnPath } from '../../app/paths.ts'
import { SignInDocument } from '../../graphql/generated.ts'
import { Logo } from '../../ui/Logo.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { LanguageChoice } from './LanguageChoice.tsx'
import { SignedOutNotice } from './SignedOutNotice.tsx'
import classes from './SignInFrame.module.css'

/** Where a person says who they are, and from where they are led to where they wanted to go. */
export function SignInPage() {
  const { t } = useLingui()
  const client = useApolloClient()
  const navigate = useNavigate()
  const { hash } = useLocation()
  const [searchParams] = useSearchParams()
  const [signIn, { loading }] = useMutation(SignInDocument)
  const refusalOf = useRefusalOf()
  const [typed, setTyped] = useState({ login: '', password: '', rememberMe: false })
  const [refusal, setRefusal] = useState<Refusal>()
  const loginField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  usePageTitle(t`Sign in`)

  const submit = async () => {
    setRefusal(undefined)
    const { data, error } = await signIn({ variables: { input: typed } })
    const me = data?.signIn.me
    if (!me) {
      const refused = refusalOf(error ?? new Error('The answer was empty.'))
      setRefusal(refused)
      const fieldAtFault = refused?.fields['login'] ? loginField : passwordField
      fieldAtFault.current?.focus()
      return
    }
    // What was read while nobody was signed in says that nobody is.
    await client.clearStore()
    await navigate(returnPath(searchParams.get('next'), hash) ?? me.landingPath, { replace: true })
  }

  return (
    <main className={classes.page}>
      <p className={classes.brand}>
        <Logo size={36} />
        Lanyard
      </p>
      <form
        className={classes.card}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!loading) void submit()
        }}
      >
        <h1>
          <Trans>Sign in</Trans>
        </h1>
        <SignedOutNotice />
        <TextInput
          ref={loginField}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- The page exists to fill in this field.
          autoFocus
          size="md"
          label={t`Username or email`}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={lengths.login}
          value={typed.login}
          error={refusal?.fields['login']}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setTyped({ ...typed, login: event.currentTarget.value })}
        />
        <PasswordInput
          ref={passwordField}
          size="md"
          label={t`Password`}
          name="password"
          autoComplete="current-password"
          maxLength={lengths.password}
          value={typed.password}
          error={
            refusal &&
            (refusal.fields['password'] ?? (refusal.fields['login'] ? undefined : refusal.sentence))
          }
          errorProps={{ role: 'alert' }}
          visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the password` }}
          onChange={(event) => setTyped({ ...typed, password: event.currentTarget.value })}
        />
        <Checkbox
          label={t`Keep me signed in on this device`}
          checked={typed.rememberMe}
          onChange={(event) => setTyped({ ...typed, rememberMe: event.currentTarget.checked })}
        />
        <Button type="submit" size="md" loading={loading}>
          <Trans>Sign in</Trans>
        </Button>
      </form>
      <LanguageChoice />
    </main>
  )
}
