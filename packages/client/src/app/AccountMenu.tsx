import { Menu } from '@mantine/core'
import type { ComponentProps } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { AccountSquare } from '../ui/AccountSquare.tsx'
import type { MenuAround } from '../ui/MenuOnDemand.tsx'
import { ClosedMark } from './ClosedMark.tsx'
import { useCurrentAccount } from './current-account.tsx'
import { inAccount } from './paths.ts'
import classes from './AccountSwitcher.module.css'

/** The accounts to choose from. */
export function AccountMenu({ button, opened, onChange }: ComponentProps<MenuAround>) {
  const { account, memberships } = useCurrentAccount()
  const { pathname } = useLocation()
  const navigate = useNavigate()

  return (
    <Menu
      opened={opened}
      onChange={onChange}
      position="bottom-start"
      width={240}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={account.id}
          onChange={(accountId) => void navigate(inAccount(pathname, accountId))}
        >
          {memberships.map(({ account, closed }) => (
            <Menu.RadioItem key={account.id} value={account.id} closeMenuOnClick>
              <span className={classes.choice}>
                <AccountSquare name={account.name} size="md" />
                {account.name}
                {closed && <ClosedMark />}
              </span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
