import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useRef } from 'react'
import { Link } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import { paths } from '../../app/paths.ts'
import classes from './AddressMenu.module.css'

interface AddressMenuProps {
  addressId: string
  /** As the person reads it. */
  name: string
  /** Absent for the primary one. */
  onMakePrimary?: (() => void) | undefined
  /** Why it cannot be made primary. */
  notPrimaryBecause?: string | undefined
  onRemove: () => void
  /** "Remove…" when nothing else is said. */
  removeLabel?: string
  /** Why it cannot be removed. */
  notRemovedBecause?: string | undefined
}

/** What is done with an address now and then. What cannot be done is there too, and says why. */
export function AddressMenu(props: AddressMenuProps) {
  const { addressId, name, onMakePrimary, notPrimaryBecause, onRemove, removeLabel, notRemovedBecause } =
    props
  const { t } = useLingui()
  const accountLink = useAccountLink()
  const button = useRef<HTMLButtonElement>(null)

  return (
    <Menu position="bottom-end" width={260} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon
          ref={button}
          variant="subtle"
          color="gray"
          size={36}
          className={classes.button}
          aria-label={t`More for ${name}`}
        >
          <IconDots aria-hidden size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onMakePrimary && (
          <Menu.Item disabled={notPrimaryBecause !== undefined} onClick={onMakePrimary}>
            <Trans>Make primary</Trans>
            {notPrimaryBecause && <span className={classes.reason}>{notPrimaryBecause}</span>}
          </Menu.Item>
        )}
        <Menu.Item component={Link} to={accountLink(paths.deliveries(addressId))}>
          <Trans>Show deliveries</Trans>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          disabled={notRemovedBecause !== undefined}
          {...(notRemovedBecause === undefined && { color: 'red' })}
          onClick={() => {
            // The entry is gone before the dialog that it opens: the focus comes back to the button.
            button.current?.focus()
            onRemove()
          }}
        >
          {removeLabel ?? <Trans>Remove…</Trans>}
          {notRemovedBecause && <span className={classes.reason}>{notRemovedBecause}</span>}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
