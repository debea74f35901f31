import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { type SenderCard_UserFragment, SenderCard_UserFragmentDoc } from '../../graphql/generated.ts'
import { Card } from '../../ui/Card.tsx'
import { SettingRow } from '../../ui/SettingRow.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'

/** The channels that come from a number. */
const calling = new Set(['SMS', 'VOICE', 'WHATSAPP'])

/** The numbers that calls and texts come from, as a contact to save. */
export function SenderCard(props: { user: FragmentType<SenderCard_UserFragment> }) {
  const { t } = useLingui()
  const { data: user } = useSuspenseFragment({ fragment: SenderCard_UserFragmentDoc, from: props.user })
  const hasNumbers = user.channels.some(({ channel, configured }) => calling.has(channel) && configured)
  const look = {
    variant: 'default',
    leftSection: <IconDownload aria-hidden size={16} stroke={1.7} />,
  } as const

  return (
    <SettingsSection title={t`Numbers we call from`}>
      <Card>
        <SettingRow
          label={t`Let our calls through at night`}
          help={
            hasNumbers
              ? t`Save our numbers as a contact, then allow that contact in your phone’s do-not-disturb.`
              : t`This server sends no texts and makes no calls, so there are no numbers to save.`
          }
          control="wide"
        >
          {({ labelId, describedBy }) =>
            hasNumbers ? (
              <Button
                {...look}
                component="a"
                href="/sender-card.vcf"
                download
                fullWidth
                aria-describedby={`${labelId} ${describedBy}`}
              >
                <Trans>Download contact card</Trans>
              </Button>
            ) : (
              <Button {...look} disabled fullWidth aria-describedby={`${labelId} ${describedBy}`}>
                <Trans>Download contact card</Trans>
              </Button>
            )
          }
        </SettingRow>
      </Card>
    </SettingsSection>
  )
}
