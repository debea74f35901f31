import { Trans } from '@lingui/react/macro'
import { Menu } from '@mantine/core'
import { IconLogout, IconUser } from '@tabler/icons-react'
import type { ComponentProps } from 'react'
import { Link } from 'react-router'
import type { MenuAround } from '../ui/MenuOnDemand.tsx'
import { useColorScheme } from '../ui/use-color-scheme.ts'
import { useAccountLink } from './current-account.tsx'
import { useLogOut } from './log-out.tsx'
import { paths } from './paths.ts'
import { useThemeChoices } from './theme-choices.ts'

/** What concerns the person, beside their profile. */
export function PersonMenuItems({ button, opened, onChange }: ComponentProps<MenuAround>) {
  const accountLink = useAccountLink()
  const askToLogOut = useLogOut()
  const themeChoices = useThemeChoices()
  const [colorScheme, setColorScheme] = useColorScheme()

  return (
    <Menu
      opened={opened}
      onChange={onChange}
      position="bottom-end"
      width={220}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component={Link}
          to={accountLink(paths.profile)}
          leftSection={<IconUser size={18} stroke={1.7} />}
        >
          <Trans>Profile</Trans>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>
          <Trans>Theme</Trans>
        </Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(themeChoices.parse(value))}
        >
          {themeChoices.all.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={18} stroke={1.7} />} onClick={askToLogOut}>
          <Trans>Log out…</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
