import { Menu, MantineProvider } from '@mantine/core'
import { render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import type { ComponentProps, ComponentPropsWithRef } from 'react'
import { expect, test, vi } from 'vitest'
import { type MenuAround, MenuOnDemand } from './MenuOnDemand.tsx'

function Fruits({ button, ...state }: ComponentProps<MenuAround>) {
  return (
    <Menu {...state} withinPortal={false}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item>Pear</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function FruitsButton(props: ComponentPropsWithRef<'button'>) {
  return (
    <button type="button" {...props}>
      Fruits
    </button>
  )
}

function showMenu(load: () => Promise<MenuAround>) {
  render(
    <MantineProvider env="test">
      <MenuOnDemand load={load} Button={FruitsButton} />
    </MantineProvider>,
  )
  return userEvent.setup()
}

test('a menu is fetched by who reaches for it, opens, and gives the focus back to its button', async () => {
  const load = vi.fn(async () => Fruits)
  const user = showMenu(load)
  expect(load).not.toHaveBeenCalled()
  expect(screen.getByRole('button').getAttribute('aria-haspopup')).toBe('menu')

  await user.tab()
  expect(load).toHaveBeenCalled()
  await user.keyboard('{Enter}')
  expect(await screen.findByRole('menuitem', { name: 'Pear' })).toBeTruthy()
  expect(screen.getByRole('button').getAttribute('aria-expanded')).toBe('true')

  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('menuitem')).toBeNull())
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button')))
})

test('a menu that could not be fetched is asked for again', async () => {
  const load = vi.fn<() => Promise<MenuAround>>().mockRejectedValueOnce(new Error('No network.'))
  load.mockRejectedValueOnce(new Error('No network.')).mockResolvedValue(Fruits)
  const user = showMenu(load)
  await user.tab()
  await user.keyboard('{Enter}')
  expect(screen.queryByRole('menuitem')).toBeNull()

  await user.keyboard('{Enter}')
  expect(await screen.findByRole('menuitem', { name: 'Pear' })).toBeTruthy()
})
