import { Trans } from '@lingui/react/macro'
import { UnstyledButton } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import type { ComponentPropsWithRef } from 'react'
import { AccountSquare } from '../ui/AccountSquare.tsx'
import { MenuOnDemand } from '../ui/MenuOnDemand.tsx'
import { ClosedMark } from './ClosedMark.tsx'
import { useCurrentAccount, useCurrentAccountIfAny } from './current-account.tsx'
import classes from './AccountSwitcher.module.css'

/** Which account the settings "in this account" are about; the address carries it. */
export function AccountSwitcher() {
  const current = useCurrentAccountIfAny()
  if (!current) return null

  const { name } = current.account
  if (current.memberships.length === 1) {
    return (
      <span className={classes.account}>
        <AccountSquare name={name} size="md" />
        <span className={classes.name}>{name}</span>
        {current.closed && <ClosedMark />}
      </span>
    )
  }

  return <MenuOnDemand load={loadMenu} Button={AccountButton} />
}

function AccountButton(props: ComponentPropsWithRef<'button'>) {
  const {
    account: { name },
    closed,
  } = useCurrentAccount()
  return (
    <UnstyledButton {...props} className={classes.account}>
      <AccountSquare name={name} size="md" />
      <span className={classes.name}>{name}</span>
      {closed && <ClosedMark />}
      <span className="ly-visually-hidden">
        <Trans>Switch account</Trans>
      </span>
      <IconSelector aria-hidden size={16} stroke={1.7} />
    </UnstyledButton>
  )
}

const loadMenu = async () => (await import('./AccountMenu.tsx')).AccountMenu
