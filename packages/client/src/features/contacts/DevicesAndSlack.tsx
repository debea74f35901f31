import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import {
  type DevicesAndSlack_UserFragment,
  DevicesAndSlack_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { SettingsSection } from '../../ui/SettingsSection.tsx'

/** The browsers that take pushes, and the Slack accounts that are linked. */
export function DevicesAndSlack(props: { user: FragmentType<DevicesAndSlack_UserFragment> }) {
  const { t } = useLingui()
  useSuspenseFragment({ fragment: DevicesAndSlack_UserFragmentDoc, from: props.user })
  return <SettingsSection title={t`Devices and Slack`}>{null}</SettingsSection>
}
