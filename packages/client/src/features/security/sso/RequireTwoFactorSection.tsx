import type { FragmentType } from '@apollo/client'
import { useMutation, useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Switch } from '@mantine/core'
import { useState } from 'react'
import { useRefusalOf } from '../../../app/error-messages.ts'
import {
  type RequireTwoFactorSection_AccountFragment,
  RequireTwoFactorSection_AccountFragmentDoc,
  type RequireTwoFactorSection_UserFragment,
  RequireTwoFactorSection_UserFragmentDoc,
  SetSignInPolicyDocument,
} from '../../../graphql/generated.ts'
import { Card } from '../../../ui/Card.tsx'
import { SettingRow } from '../../../ui/SettingRow.tsx'
import { SettingsSection } from '../../../ui/SettingsSection.tsx'
import { useSave } from '../../../ui/use-save.ts'

interface RequireTwoFactorSectionProps {
  account: FragmentType<RequireTwoFactorSection_AccountFragment>
  user: FragmentType<RequireTwoFactorSection_UserFragment>
  /** The account may have closed to whoever required it, too. */
  onRequired: () => void
}

/** Whether members need a second factor. It saves at once, so what it does is said before. */
export function RequireTwoFactorSection(props: RequireTwoFactorSectionProps) {
  const { t } = useLingui()
  const refusalOf = useRefusalOf()
  const { data: account } = useSuspenseFragment({
    fragment: RequireTwoFactorSection_AccountFragmentDoc,
    from: props.account,
  })
  const { data: user } = useSuspenseFragment({
    fragment: RequireTwoFactorSection_UserFragmentDoc,
    from: props.user,
  })
  const [setSignInPolicy] = useMutation(SetSignInPolicyDocument)
  const { state, save } = useSave()
  const [chosen, setChosen] = useState<boolean>()
  const { id: accountId, name: accountName, requireTwoFactor } = account
  const meetsIt = user.twoFactor.enabled || user.currentSession?.method === 'PASSKEY'

  const change = (isRequired: boolean) =>
    void save(async () => {
      setChosen(isRequired)
      const input = { accountId, requireTwoFactor: isRequired }
      const { data, error } = await setSignInPolicy({ variables: { input } })
      setChosen(undefined)
      if (data && isRequired) props.onRequired()
      return refusalOf(error)?.sentence
    })

  const help = requireTwoFactor ? (
    <Trans>
      {accountName} is closed to whoever has not set it up. They are led to the set-up, and keep their other
      accounts.
    </Trans>
  ) : (
    <>
      <Trans>
        As soon as it is on, {accountName} is closed to members without two-factor authentication until they
        set it up. Signing in by passkey counts, and so does single sign-on, which asks for its own.
      </Trans>{' '}
      {!meetsIt && <Trans>You have not set it up yourself, so it closes to you as well.</Trans>}
    </>
  )

  return (
    <SettingsSection title={t`Two-factor authentication`}>
      <Card>
        <SettingRow label={t`Require two-factor authentication`} help={help} control="switch" save={state}>
          {({ id, describedBy }) => (
            <Switch
              id={id}
              aria-describedby={describedBy}
              checked={chosen ?? requireTwoFactor}
              onChange={(event) => change(event.currentTarget.checked)}
            />
          )}
        </SettingRow>
      </Card>
    </SettingsSection>
  )
}
