import type { FragmentType } from '@apollo/client'
import { useMutation, useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useId } from 'react'
import { Link } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import { useRefusal } from '../../app/error-messages.ts'
import { paths } from '../../app/paths.ts'
import {
  FinishRecoveryDocument,
  type RecoveryCard_UserFragment,
  RecoveryCard_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { DayTime } from '../../ui/DayTime.tsx'
import classes from './RecoveryCard.module.css'

/** After everything was locked: what somebody else may have left behind, until the person has looked at it all. */
export function RecoveryCard(props: { user: FragmentType<RecoveryCard_UserFragment> }) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const accountLink = useAccountLink()
  const titleId = useId()
  const { data: user } = useSuspenseFragment({ fragment: RecoveryCard_UserFragmentDoc, from: props.user })
  const [finish, { loading, error }] = useMutation(FinishRecoveryDocument)
  const refusal = useRefusal(error)
  if (!user.recovery) return null

  const confirm = async () => {
    const { data } = await finish()
    if (!data) return
    announce(t`Your user is yours again`)
    document.querySelector<HTMLElement>('[data-page-title]')?.focus()
  }

  return (
    <section className={classes.card} aria-labelledby={titleId}>
      <h2 id={titleId} className={classes.title}>
        <Trans>Take your user back</Trans>
      </h2>
      <p className={classes.help}>
        <Trans>
          Everything was locked <DayTime at={user.recovery.startedAt} />. Look for what somebody else may
          have added or changed, and remove it:
        </Trans>
      </p>
      <ol className={classes.steps}>
        <li>
          <Trans>
            <Link to={accountLink(paths.contacts)}>Emails, phones, devices and Slack</Link>: each must be
            yours.
          </Trans>
        </li>
        <li>
          <Trans>
            <Link to={{ hash: '#passkeys' }}>Passkeys</Link>: remove any that you do not know.
          </Trans>
        </li>
        <li>
          <Trans>
            <Link to={{ hash: '#two-factor' }}>Two-factor authentication</Link>: set it up, or make new
            recovery codes.
          </Trans>
        </li>
        <li>
          <Trans>
            <Link to={accountLink(paths.tokens)}>Access tokens</Link>: all have ended. Make new ones for
            your programs.
          </Trans>
        </li>
        <li>
          <Trans>
            <Link to={accountLink(paths.activity)}>Activity</Link>: see what was done in your name.
          </Trans>
        </li>
      </ol>
      {refusal && (
        <p role="alert" className={classes.problem}>
          {refusal.sentence}
        </p>
      )}
      <Button loading={loading} onClick={() => void confirm()}>
        <Trans>I have checked everything</Trans>
      </Button>
    </section>
  )
}
