import { Button, Menu } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Channel } from '../../graphql/generated.ts'

/** A channel to choose, as "Call". */
export interface ChannelChoice {
  channel: Channel
  label: string
}

interface ChannelButtonProps {
  label: string
  /** With "…": there is something to choose. */
  labelOfMenu: string
  icon?: ReactNode
  choices: readonly ChannelChoice[]
  busy: boolean
  onChoose: (channel: Channel) => void
}

/** Does something over a channel: at once where there is one, after a choice where there are several. */
export function ChannelButton(props: ChannelButtonProps) {
  const { label, labelOfMenu, icon, choices, busy, onChoose } = props
  const [first, ...more] = choices
  if (!first) return null
  const look = { variant: 'default', size: 'xs', loading: busy, leftSection: icon } as const
  if (more.length === 0) {
    return (
      <Button {...look} onClick={() => onChoose(first.channel)}>
        {label}
      </Button>
    )
  }
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button {...look}>{labelOfMenu}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ channel, label }) => (
          <Menu.Item key={channel} onClick={() => onChoose(channel)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
