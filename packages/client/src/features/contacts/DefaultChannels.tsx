import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import {
  type DefaultChannels_UserFragment,
  DefaultChannels_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { SettingsSection } from '../../ui/SettingsSection.tsx'

/** How an alert reaches the person when no rule says otherwise. */
export function DefaultChannels(props: { user: FragmentType<DefaultChannels_UserFragment> }) {
  const { t } = useLingui()
  useSuspenseFragment({ fragment: DefaultChannels_UserFragmentDoc, from: props.user })
  return (
    <SettingsSection title={t`Default channels`} help={t`Used for an alert when no rule says otherwise.`}>
      {null}
    </SettingsSection>
  )
}
