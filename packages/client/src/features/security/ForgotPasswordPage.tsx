import { useApolloClient } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { Link } from 'react-router'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { paths } from '../../app/paths.ts'
import { RequestPasswordResetDocument } from '../../graphql/generated.ts'
import { Callout } from '../../ui/Callout.tsx'
import { useSecondsUntil } from '../../ui/use-seconds-until.ts'
import { SignInFrame } from './SignInFrame.tsx'
import { useSignInSteps } from './use-sign-in-steps.ts'
import classes from './SignInParts.module.css'

/** Until another link may be asked for: mail takes its time. */
const againMilliseconds = 60_000

/** Has a link for a new password mailed. The answer is the same for every address, so it tells nobody who is here. */
export function ForgotPasswordPage() {
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const { linkTo } = useSignInSteps()
  const [email, setEmail] = useState('')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const [asked, setAsked] = useState<{ email: string; againAt: string }>()
  const secondsLeft = useSecondsUntil(asked?.againAt)
  const field = useRef<HTMLInputElement>(null)
  const address = asked?.email
  const isTooSoon = address === email && secondsLeft > 0

  const submit = async () => {
    setBusy(true)
    setRefusal(undefined)
    const { data, error } = await client.mutate({
      mutation: RequestPasswordResetDocument,
      variables: { input: { email } },
      fetchPolicy: 'no-cache',
    })
    setBusy(false)
    if (data) {
      setAsked({ email, againAt: new Date(Date.now() + againMilliseconds).toISOString() })
      return
    }
    setRefusal(refusalOf(error ?? new Error('The answer was empty.')))
    field.current?.focus()
  }

  return (
    <SignInFrame title={t`Set a new password`}>
      <p className={classes.help}>
        <Trans>A link is mailed to you. It has to be an email that you have proven here.</Trans>
      </p>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!busy && !isTooSoon) void submit()
        }}
      >
        <TextInput
          ref={field}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- The page exists to fill in this field.
          autoFocus
          size="md"
          type="email"
          label={t`Email`}
          name="email"
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={lengths.login}
          value={email}
          error={refusal && (refusal.fields['email'] ?? refusal.sentence)}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {/* There from the start: what is said in here is read aloud. */}
        <div aria-live="polite">
          {address && (
            <Callout tone="ok">
              <Trans>
                If <strong>{address}</strong> belongs to somebody here, a link is on its way. It works for
                30 minutes.
              </Trans>
            </Callout>
          )}
        </div>
        <Button type="submit" size="md" loading={busy} disabled={isTooSoon}>
          {address === email ? <Trans>Mail another link</Trans> : <Trans>Mail a link</Trans>}
        </Button>
        {isTooSoon && (
          <p className={`${classes.hint} ly-figures`}>
            {t`Another one can be asked for in ${plural(secondsLeft, { one: '# second', other: '# seconds' })}.`}
          </p>
        )}
      </form>
      <Link className={classes.back} to={linkTo(paths.signIn)}>
        <Trans>Back to signing in</Trans>
      </Link>
    </SignInFrame>
  )
}
