import type { FragmentType } from '@apollo/client'
import { useMutation, useSuspenseFragment } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Refusal, useRefusalOf } from '../../../app/error-messages.ts'
import {
  SetSignInPolicyDocument,
  type SignInNameSection_AccountFragment,
  SignInNameSection_AccountFragmentDoc,
} from '../../../graphql/generated.ts'
import { useAnnounce } from '../../../ui/Announcer.tsx'
import { Card } from '../../../ui/Card.tsx'
import { CopyLine } from '../../../ui/CopyLine.tsx'
import { SettingsSection } from '../../../ui/SettingsSection.tsx'
import classes from './SignInNameSection.module.css'

interface SignInNameSectionProps {
  account: FragmentType<SignInNameSection_AccountFragment>
}

/** The name under which members begin to sign in, and the link that goes with it. */
export function SignInNameSection({ account: masked }: SignInNameSectionProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const refusalOf = useRefusalOf()
  const { data: account } = useSuspenseFragment({
    fragment: SignInNameSection_AccountFragmentDoc,
    from: masked,
  })
  const [setSignInPolicy, { loading }] = useMutation(SetSignInPolicyDocument)
  const [typed, setTyped] = useState<string>()
  const [refusal, setRefusal] = useState<Refusal>()
  const { signInName } = account
  const leadsToSso = account.ssoConnections.some(({ active }) => active)
  const value = typed ?? signInName ?? ''
  const reason = refusal && (refusal.fields['signInName'] ?? refusal.sentence)

  const submit = async () => {
    setRefusal(undefined)
    const input = { accountId: account.id, signInName: value.trim() || null }
    const { data, error } = await setSignInPolicy({ variables: { input } })
    setRefusal(refusalOf(error))
    if (!data) return
    setTyped(undefined)
    announce(t`Saved`)
  }

  return (
    <SettingsSection
      title={t`Sign-in name`}
      help={t`Members who go to this link are led straight to your identity provider.`}
    >
      <Card>
        <form
          noValidate
          className={classes.form}
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            if (!loading) void submit()
          }}
        >
          <TextInput
            className={classes.field}
            label={t`Name`}
            description={t`Letters from a to z, digits and hyphens. Leave it empty for none.`}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            maxLength={lengths.signInName}
            value={value}
            error={reason && t`Not saved. ${reason}`}
            errorProps={{ role: 'alert' }}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={loading}>
            <Trans>Save</Trans>
          </Button>
        </form>
        {signInName !== null && (
          <div className={classes.link}>
            <CopyLine label={t`Link for members`} text={`${location.origin}/sso/${signInName}`} />
            {!leadsToSso && (
              <p className={classes.help}>
                <Trans>It leads nowhere before single sign-on is enabled below.</Trans>
              </p>
            )}
          </div>
        )}
      </Card>
    </SettingsSection>
  )
}
