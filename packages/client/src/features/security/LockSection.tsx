import type { FragmentType } from '@apollo/client'
import { useMutation, useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconShieldExclamation } from '@tabler/icons-react'
import { useState } from 'react'
import { useRefusal } from '../../app/error-messages.ts'
import { leaveByEndingSession } from '../../app/leave-for-sign-in.ts'
import { paths } from '../../app/paths.ts'
import {
  LockEverythingDocument,
  type LockSection_UserFragment,
  LockSection_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import classes from './LockSection.module.css'

/** The way out when somebody else is in. */
export function LockSection(props: { user: FragmentType<LockSection_UserFragment> }) {
  const { t } = useLingui()
  const { data: user } = useSuspenseFragment({ fragment: LockSection_UserFragmentDoc, from: props.user })
  const [asked, setAsked] = useState(false)

  return (
    <SettingsSection title={t`Something wrong?`} anchor="lock">
      <div className={classes.card}>
        <span aria-hidden className={classes.icon}>
          <IconShieldExclamation size={18} stroke={1.7} />
        </span>
        <div>
          <p className={classes.name}>
            <Trans>It wasn’t me</Trans>
          </p>
          <p className={classes.help}>
            <Trans>
              Ends every session, access token and push device at once, then helps you take your user back.
              You stay reachable by verified phone.
            </Trans>
          </p>
        </div>
        <Button variant="default" className={classes.lock} onClick={() => setAsked(true)}>
          <Trans>Lock everything…</Trans>
        </Button>
      </div>
      {asked && (
        <LockDialog
          sessionCount={user.sessions.length}
          email={user.wayBackEmail}
          onClose={() => setAsked(false)}
        />
      )}
    </SettingsSection>
  )
}

interface LockDialogProps {
  sessionCount: number
  /** Where the link for a new password goes: not to the primary one, which may be a stranger's. */
  email: string | null
  onClose: () => void
}

/** Lists what ends, and says how one comes back in. Drawn while it is open only. */
function LockDialog({ sessionCount, email, onClose }: LockDialogProps) {
  const { t } = useLingui()
  const [lock, { loading, error }] = useMutation(LockEverythingDocument)
  const refusal = useRefusal(error)

  const confirm = () =>
    leaveByEndingSession(async () => (await lock()).error === undefined, paths.signInAfter('lock'))

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Lock everything?`}
      confirmLabel={t`Lock everything`}
      cancelLabel={t`Change nothing`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>
        <Trans>This ends at once:</Trans>
      </p>
      <ul className={classes.ends}>
        <li>
          {sessionCount > 1 ? (
            <Trans>all {sessionCount} sessions, this one too</Trans>
          ) : (
            <Trans>your session</Trans>
          )}
        </li>
        <li>
          <Trans>every access token, in every account</Trans>
        </li>
        <li>
          <Trans>every device that gets pushes</Trans>
        </li>
        <li>
          <Trans>what browsers remember of you, and every link for a new password</Trans>
        </li>
        <li>
          <Trans>your password</Trans>
        </li>
      </ul>
      <p>
        {email ? (
          <Trans>
            A link for a new password goes to {email}. Can you read mail there, and nobody else?
          </Trans>
        ) : (
          <Trans>
            You have no email that a link for a new password could go to. Ask an administrator first.
          </Trans>
        )}
      </p>
    </ConfirmDialog>
  )
}
