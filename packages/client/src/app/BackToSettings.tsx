import { Trans } from '@lingui/react/macro'
import { IconChevronLeft } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useAccountLink } from './current-account.tsx'
import { paths } from './paths.ts'
import classes from './BackToSettings.module.css'

/** The way back to the list of sections; a desk has them beside the page. */
export function BackToSettings() {
  const accountLink = useAccountLink()
  return (
    <Link className={classes.back} to={accountLink(paths.settings)}>
      <IconChevronLeft aria-hidden size={20} stroke={1.7} />
      <Trans>Settings</Trans>
    </Link>
  )
}
