import { useApolloClient, useQuery } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { type FormEvent, useRef, useState } from 'react'
import { Link } from 'react-router'
import { useRefusalOf } from '../../app/error-messages.ts'
import { paths } from '../../app/paths.ts'
import {
  type SecondFactor,
  SignInStepDocument,
  StartPasskeyProofDocument,
  SubmitSecondFactorDocument,
  type SubmitSecondFactorInput,
} from '../../graphql/generated.ts'
import { CodeField } from '../../ui/CodeField.tsx'
import { LeavingNotice } from './LeavingNotice.tsx'
import { PasskeyButton } from './PasskeyButton.tsx'
import { SignInFrame } from './SignInFrame.tsx'
import { useSignInSteps } from './use-sign-in-steps.ts'
import classes from './SignInParts.module.css'

const codeLength = 6

/** What went wrong, and with which of the ways. */
interface Problem {
  way: SecondFactor
  sentence: string
}

/** The step after the password, for who has two-factor authentication on. What it waits for is known to the server. */
export function SecondFactorPage() {
  const { t } = useLingui()
  const client = useApolloClient()
  const refusalOf = useRefusalOf()
  const { data: step } = useQuery(SignInStepDocument)
  const { goOn, startAgain, linkTo, leaving } = useSignInSteps()
  const [way, setWay] = useState<'TOTP' | 'RECOVERY_CODE'>('TOTP')
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState<SecondFactor>()
  const [problem, setProblem] = useState<Problem>()
  const field = useRef<HTMLInputElement>(null)
  const ways = step?.pendingSignIn?.secondFactors ?? []
  const other = way === 'TOTP' ? 'RECOVERY_CODE' : 'TOTP'

  /** Resolves to why not, in words. */
  async function send(input: SubmitSecondFactorInput): Promise<string | undefined> {
    const { data, error } = await client.mutate({
      mutation: SubmitSecondFactorDocument,
      variables: { input },
      fetchPolicy: 'no-cache',
    })
    if (data) return goOn(data.submitSecondFactor).then(() => undefined)
    const refusal = refusalOf(error ?? new Error('The answer was empty.'))
    if (refusal?.code === 'SIGN_IN_EXPIRED') return startAgain().then(() => undefined)
    return refusal?.fields['code'] ?? refusal?.sentence
  }

  async function sendPasskey(): Promise<string | undefined> {
    const [started, ceremony] = await Promise.all([
      client.mutate({ mutation: StartPasskeyProofDocument, fetchPolicy: 'no-cache' }),
      import('./passkey-ceremony.ts'),
    ])
    if (!started.data) {
      const refusal = refusalOf(started.error ?? new Error('The answer was empty.'))
      if (refusal?.code === 'SIGN_IN_EXPIRED') return startAgain().then(() => undefined)
      return refusal?.sentence
    }
    const outcome = await ceremony.provePasskey(started.data.startPasskeyProof.options)
    if (outcome.status === 'done') return send({ passkey: outcome.response })
    return outcome.status === 'cancelled'
      ? t`No passkey was used.`
      : t`The browser could not use a passkey.`
  }

  async function attempt(by: SecondFactor, proof: () => Promise<string | undefined>): Promise<void> {
    setBusy(by)
    setProblem(undefined)
    const sentence = await proof()
    setBusy(undefined)
    if (sentence === undefined) return
    setProblem({ way: by, sentence })
    if (by === 'PASSKEY') return
    field.current?.focus()
    // The next code takes the place of this one.
    field.current?.select()
  }

  const submitCode = (code: string) => attempt(way, () => send({ code }))
  const typeCode = (digits: string) => {
    setTyped(digits)
    if (digits.length === codeLength && digits !== typed && !busy) void submitCode(digits)
  }
  const choose = (chosen: 'TOTP' | 'RECOVERY_CODE') => {
    setWay(chosen)
    setTyped('')
    setProblem(undefined)
  }
  const fieldProblem = problem && problem.way !== 'PASSKEY' ? problem.sentence : undefined

  return (
    <SignInFrame title={t`Confirm that it is you`}>
      {leaving && <LeavingNotice />}
      <form
        className={classes.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!busy && !leaving) void submitCode(typed)
        }}
      >
        {way === 'TOTP' ? (
          <CodeField
            key="TOTP"
            ref={field}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- The page exists to fill in this field.
            autoFocus
            size="md"
            label={t`Code`}
            description={t`The six digits that your authenticator app shows.`}
            value={typed}
            error={fieldProblem}
            errorProps={{ role: 'alert' }}
            onChange={typeCode}
          />
        ) : (
          <TextInput
            key="RECOVERY_CODE"
            ref={field}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- The person has just asked for it.
            autoFocus
            size="md"
            label={t`Recovery code`}
            description={t`It is used up by this.`}
            classNames={{ input: 'ly-mono' }}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            value={typed}
            error={fieldProblem}
            errorProps={{ role: 'alert' }}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <Button type="submit" size="md" loading={busy === way || leaving}>
          <Trans>Confirm</Trans>
        </Button>
      </form>
      <p className={classes.or}>
        <Trans>or</Trans>
      </p>
      <div className={classes.others}>
        {ways.includes('PASSKEY') && (
          <PasskeyButton
            loading={busy === 'PASSKEY'}
            onClick={() => void attempt('PASSKEY', sendPasskey)}
          />
        )}
        {problem?.way === 'PASSKEY' && (
          <p role="alert" className={classes.problem}>
            {problem.sentence}
          </p>
        )}
        {ways.includes(other) && (
          <Button
            variant="default"
            size="md"
            leftSection={<IconKey aria-hidden size={18} stroke={1.7} />}
            onClick={() => choose(other)}
          >
            {other === 'TOTP' ? (
              <Trans>Use your authenticator app</Trans>
            ) : (
              <Trans>Use a recovery code</Trans>
            )}
          </Button>
        )}
        <Button component={Link} to={linkTo(paths.signIn)} variant="subtle" size="md">
          <Trans>Start again</Trans>
        </Button>
      </div>
    </SignInFrame>
  )
}
