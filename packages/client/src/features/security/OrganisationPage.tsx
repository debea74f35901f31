import { useQuery } from '@apollo/client/react'
import { lengths, signInNamePattern } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, TextInput } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { type FormEvent, useRef, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { paths } from '../../app/paths.ts'
import { SignInStepDocument } from '../../graphql/generated.ts'
import { LeavingNotice } from './LeavingNotice.tsx'
import { SignInFrame } from './SignInFrame.tsx'
import { useSignInSteps } from './use-sign-in-steps.ts'
import classes from './SignInParts.module.css'

/** Signing in through an organisation: one of those that a half-done sign-in waits for, or the one that is named. */
export function OrganisationPage() {
  const { t } = useLingui()
  const { data: step } = useQuery(SignInStepDocument)
  const { linkTo, ...steps } = useSignInSteps()
  const choices = step?.pendingSignIn?.ssoChoices ?? []
  if (!step) return null

  return (
    <SignInFrame title={t`Sign in with your organisation`} titleFocused={choices.length > 0}>
      {steps.leaving && <LeavingNotice />}
      {choices.length > 0 ? (
        <>
          <p className={classes.help}>
            <Trans>Your accounts ask you to sign in through an organisation. Choose one.</Trans>
          </p>
          <ul className={classes.others}>
            {choices.map(({ accountName, url }) => (
              <li key={url}>
                <Button
                  fullWidth
                  variant="default"
                  size="md"
                  leftSection={<IconBuilding aria-hidden size={18} stroke={1.7} />}
                  disabled={steps.leaving}
                  onClick={() => steps.goToOrganisation(url)}
                >
                  {accountName}
                </Button>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <NameForm leaving={steps.leaving} onName={(name) => steps.goToOrganisation(paths.ssoUnder(name))} />
      )}
      <Link className={classes.back} to={linkTo(paths.signIn)}>
        <Trans>Sign in another way</Trans>
      </Link>
    </SignInFrame>
  )
}

/** Anybody may have written the address: nothing of it stands in the field that cannot be a name. */
function nameIn(searchParams: URLSearchParams): string {
  const name = searchParams.get('name') ?? ''
  return signInNamePattern.test(name) ? name : ''
}

interface NameFormProps {
  leaving: boolean
  onName: (signInName: string) => void
}

/** The name that an organisation signs in under. One that nobody has comes back with what was typed. */
function NameForm({ leaving, onName }: NameFormProps) {
  const { t } = useLingui()
  const [searchParams] = useSearchParams()
  const [name, setName] = useState(nameIn(searchParams))
  const [isEmpty, setIsEmpty] = useState(false)
  const field = useRef<HTMLInputElement>(null)

  const problem = () => {
    if (isEmpty) return t`Fill this in.`
    if (searchParams.get('sso') !== 'NOT_FOUND') return undefined
    return t`No organisation signs in here under that name or link.`
  }
  const submit = () => {
    const typed = name.trim().toLowerCase()
    setIsEmpty(typed === '')
    if (typed === '') field.current?.focus()
    else onName(typed)
  }

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (!leaving) submit()
      }}
    >
      <TextInput
        ref={field}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- The page exists to fill in this field.
        autoFocus
        size="md"
        label={t`Your organisation’s sign-in name`}
        description={t`Your administrator knows it. It stands at the end of the link that you were given.`}
        classNames={{ input: 'ly-mono' }}
        name="organization"
        autoComplete="organization"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={lengths.signInName}
        value={name}
        error={problem()}
        errorProps={{ role: 'alert' }}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" size="md" loading={leaving}>
        <Trans>Go to your organisation</Trans>
      </Button>
    </form>
  )
}
