import { Trans, useLingui } from '@lingui/react/macro'
import { Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconLogout, IconUser } from '@tabler/icons-react'
import { Link } from 'react-router'
import { Avatar } from '../ui/Avatar.tsx'
import { useColorScheme } from '../ui/use-color-scheme.ts'
import { useAccountLink } from './current-account.tsx'
import { useLogOut } from './log-out.tsx'
import { paths } from './paths.ts'
import { useThemeChoices } from './theme-choices.ts'
import { useViewer } from './viewer.tsx'
import classes from './PersonMenu.module.css'

/** The avatar opens the profile; the chevron beside it, what else concerns the person. */
export function PersonMenu() {
  const { t } = useLingui()
  const { name } = useViewer()
  const accountLink = useAccountLink()
  const askToLogOut = useLogOut()
  const themeChoices = useThemeChoices()
  const [colorScheme, setColorScheme] = useColorScheme()

  return (
    <div className={classes.person}>
      <Link className={classes.avatar} to={accountLink(paths.profile)} aria-label={t`Profile of ${name}`}>
        <Avatar name={name} size="sm" />
      </Link>
      <Menu position="bottom-end" width={220} withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <UnstyledButton className={classes.more} aria-label={t`Profile, theme and logging out`}>
            <IconChevronDown aria-hidden size={16} stroke={1.7} />
          </UnstyledButton>
        </Menu.Target>
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
    </div>
  )
}
