import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { lengths, passwordLength } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import type { Refusal } from '../../app/error-messages.ts'
import { paths } from '../../app/paths.ts'
import { useChangePassword } from '../../app/use-change-password.ts'
import {
  type PasswordSection_UserFragment,
  PasswordSection_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { Card } from '../../ui/Card.tsx'
import { NameForPasswords } from '../../ui/NameForPasswords.tsx'
import { PasswordChangeFields, noPasswordChange } from '../../ui/PasswordChangeFields.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import classes from './PasswordSection.module.css'

/** Changing the password; for somebody without one, why, and how to get one. */
export function PasswordSection(props: { user: FragmentType<PasswordSection_UserFragment> }) {
  const { t } = useLingui()
  const { data: user } = useSuspenseFragment({
    fragment: PasswordSection_UserFragmentDoc,
    from: props.user,
  })
  const { passwordChangedAt, twoFactor, username } = user
  const shortest = twoFactor.enabled ? passwordLength.minWithSecondFactor : passwordLength.min

  if (!passwordChangedAt) {
    return (
      <SettingsSection title={t`Password`} anchor="password">
        <Card>
          <p className={classes.none}>
            <Trans>
              You have no password: you sign in through your organisation or with a passkey.{' '}
              <Link to={paths.forgotPassword}>Have a link mailed to set one</Link>
            </Trans>
          </p>
        </Card>
      </SettingsSection>
    )
  }
  return (
    <SettingsSection
      title={t`Password`}
      anchor="password"
      help={
        <Trans>
          Last changed <AbsoluteTime at={passwordChangedAt} only="date" />. A new one has {shortest}{' '}
          characters or more.
        </Trans>
      }
    >
      <Card>
        <PasswordForm username={username} />
      </Card>
    </SettingsSection>
  )
}

function PasswordForm({ username }: { username: string }) {
  const changePassword = useChangePassword()
  const accountLink = useAccountLink()
  const [typed, setTyped] = useState(noPasswordChange)
  const [busy, setBusy] = useState(false)
  const [attempt, setAttempt] = useState<{ refusal?: Refusal | undefined }>()
  const form = useRef<HTMLFormElement>(null)
  const refusal = attempt?.refusal
  const problems = { current: refusal?.fields['currentPassword'], next: refusal?.fields['newPassword'] }

  useEffect(() => {
    if (attempt) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [attempt])

  const submit = async () => {
    if (typed.next !== typed.again) {
      setAttempt({})
      return
    }
    setBusy(true)
    const refused = await changePassword({ currentPassword: typed.current, newPassword: typed.next })
    setBusy(false)
    if (refused) setAttempt({ refusal: refused })
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
    >
      <div className={classes.fields}>
        <NameForPasswords username={username} />
        <PasswordChangeFields
          value={typed}
          problems={problems}
          tried={attempt !== undefined}
          maxLength={lengths.password}
          onChange={setTyped}
        />
        {refusal && !problems.current && !problems.next && (
          <p role="alert" className={classes.problem}>
            {refusal.sentence}
          </p>
        )}
      </div>
      <div className={classes.foot}>
        <p>
          <Trans>
            Changing it signs you out everywhere, here too. Access tokens go on working:{' '}
            <Link to={accountLink(paths.tokens)}>end those you do not need</Link>.
          </Trans>
        </p>
        <Button type="submit" loading={busy}>
          <Trans>Change password</Trans>
        </Button>
      </div>
    </form>
  )
}
