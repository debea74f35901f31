import { Trans } from '@lingui/react/macro'
import { Menu, UnstyledButton } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { useLocation, useNavigate } from 'react-router'
import { AccountSquare } from '../ui/AccountSquare.tsx'
import { useCurrentAccountIfAny } from './current-account.tsx'
import { inAccount } from './paths.ts'
import classes from './AccountSwitcher.module.css'

/** Which account the settings "in this account" are about; the address carries it. */
export function AccountSwitcher() {
  const current = useCurrentAccountIfAny()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  if (!current) return null

  const { name } = current.account
  if (current.memberships.length === 1) {
    return (
      <span className={classes.account}>
        <AccountSquare name={name} size="md" />
        <span className={classes.name}>{name}</span>
      </span>
    )
  }

  return (
    <Menu position="bottom-start" width={240} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes.account}>
          <AccountSquare name={name} size="md" />
          <span className={classes.name}>{name}</span>
          <span className="ly-visually-hidden">
            <Trans>Switch account</Trans>
          </span>
          <IconSelector aria-hidden size={16} stroke={1.7} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={current.account.id}
          onChange={(accountId) => void navigate(inAccount(pathname, accountId))}
        >
          {current.memberships.map(({ account }) => (
            <Menu.RadioItem key={account.id} value={account.id} closeMenuOnClick>
              <span className={classes.choice}>
                <AccountSquare name={account.name} size="md" />
                {account.name}
              </span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
