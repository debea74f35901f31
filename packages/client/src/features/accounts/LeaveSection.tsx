import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { Card } from '../../ui/Card.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { LeaveAccountDialog } from './LeaveAccountDialog.tsx'
import classes from './LeaveSection.module.css'

interface LeaveSectionProps {
  accountUserId: string
  account: { id: string; name: string }
  isOwner: boolean
}

/** The way out of an account; for its owner, what stands in the way. */
export function LeaveSection({ accountUserId, account, isOwner }: LeaveSectionProps) {
  const { t } = useLingui()
  const [asked, setAsked] = useState(false)
  const accountName = account.name

  return (
    <div className={classes.section}>
      <SettingsSection title={t`Leave ${accountName}`}>
        <Card>
          <div className={classes.row}>
            <p className={classes.help}>
              {isOwner ? (
                <Trans>
                  You own {accountName}, and an account is never without an owner. Before you can leave,
                  somebody else has to own it: ask whoever runs this server to hand it over.
                </Trans>
              ) : (
                <Trans>You lose {accountName} at once. Your other accounts stay as they are.</Trans>
              )}
            </p>
            {!isOwner && (
              <Button variant="default" color="red" onClick={() => setAsked(true)}>
                <Trans>Leave…</Trans>
              </Button>
            )}
          </div>
        </Card>
      </SettingsSection>
      {asked && (
        <LeaveAccountDialog
          accountUserId={accountUserId}
          account={account}
          onClose={() => setAsked(false)}
        />
      )}
    </div>
  )
}
