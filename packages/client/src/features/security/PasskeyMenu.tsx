import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useRef } from 'react'
import classes from './PasskeyMenu.module.css'

interface PasskeyMenuProps {
  name: string
  onRename: () => void
  onRemove: () => void
}

/** What is done with a passkey now and then. */
export function PasskeyMenu({ name, onRename, onRemove }: PasskeyMenuProps) {
  const { t } = useLingui()
  const button = useRef<HTMLButtonElement>(null)
  // The entry is gone before the dialog that it opens: the focus comes back to the button.
  const fromButton = (open: () => void) => () => {
    button.current?.focus()
    open()
  }

  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
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
        <Menu.Item onClick={fromButton(onRename)}>
          <Trans>Rename…</Trans>
        </Menu.Item>
        <Menu.Item color="red" onClick={fromButton(onRemove)}>
          <Trans>Remove…</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
