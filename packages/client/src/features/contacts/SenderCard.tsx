import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { type SenderCard_UserFragment, SenderCard_UserFragmentDoc } from '../../graphql/generated.ts'
import { SettingsSection } from '../../ui/SettingsSection.tsx'

/** The numbers that calls and texts come from, as a contact to save. */
export function SenderCard(props: { user: FragmentType<SenderCard_UserFragment> }) {
  const { t } = useLingui()
  useSuspenseFragment({ fragment: SenderCard_UserFragmentDoc, from: props.user })
  return <SettingsSection title={t`Numbers we call from`}>{null}</SettingsSection>
}
