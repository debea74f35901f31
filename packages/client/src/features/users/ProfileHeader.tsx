import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconLogout, IconPencil } from '@tabler/icons-react'
import { type ReactNode, Suspense, lazy, useState } from 'react'
import { useCurrentAccountIfAny } from '../../app/current-account.tsx'
import { useLogOut } from '../../app/log-out.tsx'
import { type ProfileHeader_UserFragment, ProfileHeader_UserFragmentDoc } from '../../graphql/generated.ts'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { Avatar } from '../../ui/Avatar.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { ScopeBadge } from '../../ui/ScopeBadge.tsx'
import classes from './ProfileHeader.module.css'

// Fetched when it is first opened: most visits change nothing.
const UpdateInfoDialog = lazy(async () => ({
  default: (await import('./UpdateInfoDialog.tsx')).UpdateInfoDialog,
}))

/** Who the person is, until when they are signed in, and the two things they come here to do. */
export function ProfileHeader(props: { user: FragmentType<ProfileHeader_UserFragment> }) {
  const { t } = useLingui()
  const { data: user } = useSuspenseFragment({
    fragment: ProfileHeader_UserFragmentDoc,
    fragmentName: 'ProfileHeader_user',
    from: props.user,
  })
  const askToLogOut = useLogOut()
  const [updating, setUpdating] = useState(false)

  return (
    <section className={classes.panel} aria-label={t`My Info`}>
      <div className={classes.head}>
        <Avatar name={user.name} url={user.avatarUrl} size="xl" />
        <div className={classes.who}>
          <div className={classes.title}>
            <h1 tabIndex={-1} data-page-title>
              {user.name}
            </h1>
            <Pill tone="accent">
              <Trans>My Info</Trans>
            </Pill>
          </div>
          {user.currentSession && (
            <p className={classes.session}>
              <Trans>
                Signed in until <AbsoluteTime at={user.currentSession.expiresAt} only="date" />
              </Trans>{' '}
              · {user.currentSession.device}
            </p>
          )}
        </div>
        <div className={classes.actions}>
          <Button
            variant="default"
            leftSection={<IconLogout aria-hidden size={18} stroke={1.7} />}
            onClick={askToLogOut}
          >
            <Trans>Log out</Trans>
          </Button>
          <Button
            leftSection={<IconPencil aria-hidden size={18} stroke={1.7} />}
            onClick={() => setUpdating(true)}
          >
            <Trans>Update info</Trans>
          </Button>
        </div>
      </div>
      <dl className={classes.facts}>
        <Fact term={t`Name`}>{user.name}</Fact>
        <Fact term={t`Username`}>
          <span className="ly-mono">{user.username}</span>
        </Fact>
        <Fact term={t`Public name`}>{user.publicName}</Fact>
        <Fact term={t`Role`}>
          <Role user={user} />
        </Fact>
      </dl>
      {updating && (
        <Suspense>
          <UpdateInfoDialog user={user} onClose={() => setUpdating(false)} />
        </Suspense>
      )}
    </section>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** A super admin is one everywhere; anybody else has the roles of the account chosen above. */
function Role({ user }: { user: Pick<ProfileHeader_UserFragment, 'superAdmin' | 'accountUsers'> }) {
  const current = useCurrentAccountIfAny()
  if (user.superAdmin) {
    return (
      <>
        <Trans>Super Admin</Trans> <ScopeBadge scope="global" />
      </>
    )
  }
  const roles = user.accountUsers.find(({ id }) => id === current?.accountUserId)?.roles ?? []
  return (
    <>
      {roles.length > 0 ? roles.map(({ name }) => name).join(', ') : <Trans>No role</Trans>}{' '}
      {current && <ScopeBadge scope={{ accountName: current.account.name }} />}
    </>
  )
}
