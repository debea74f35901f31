import { LogoWithBadge } from '../features/notifications/LogoWithBadge.tsx'
import { AccountSwitcher } from './AccountSwitcher.tsx'
import { PersonMenu } from './PersonMenu.tsx'
import classes from './TopBar.module.css'

/** Where one is, in which account, and who one is. */
export function TopBar() {
  return (
    <header className={classes.bar}>
      <LogoWithBadge />
      <span aria-hidden className={classes.slash} />
      <AccountSwitcher />
      <PersonMenu />
    </header>
  )
}
