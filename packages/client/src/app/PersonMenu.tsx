import { useLingui } from '@lingui/react/macro'
import { UnstyledButton } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { ComponentPropsWithRef } from 'react'
import { Link } from 'react-router'
import { Avatar } from '../ui/Avatar.tsx'
import { MenuOnDemand } from '../ui/MenuOnDemand.tsx'
import { useAccountLink } from './current-account.tsx'
import { paths } from './paths.ts'
import { useViewer } from './viewer.tsx'
import classes from './PersonMenu.module.css'

/** The avatar opens the profile; the chevron beside it, what else concerns the person. */
export function PersonMenu() {
  const { t } = useLingui()
  const { name, avatarUrl } = useViewer()
  const accountLink = useAccountLink()

  return (
    <div className={classes.person}>
      <Link className={classes.avatar} to={accountLink(paths.profile)} aria-label={t`Profile of ${name}`}>
        <Avatar name={name} url={avatarUrl} size="sm" />
      </Link>
      <MenuOnDemand load={loadMenu} Button={MoreButton} />
    </div>
  )
}

function MoreButton(props: ComponentPropsWithRef<'button'>) {
  const { t } = useLingui()
  return (
    <UnstyledButton {...props} className={classes.more} aria-label={t`Profile, theme and logging out`}>
      <IconChevronDown aria-hidden size={16} stroke={1.7} />
    </UnstyledButton>
  )
}

const loadMenu = async () => (await import('./PersonMenuItems.tsx')).PersonMenuItems
