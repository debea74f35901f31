import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { demoUser } from '../test/demo-user.ts'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble } from '../test/server-double.ts'
import { Shell } from './Shell.tsx'

function openShell(changes: Record<string, unknown> = {}, path = '/settings/profile') {
  const me = demoUser({ notificationBadge: { unread: 7, alerts: 1, version: 1 }, ...changes })
  const server = createServerDouble({
    me,
    recordLastVisited: () => ({ me }),
    signOut: () => ({ me: null }),
  })
  return { ...renderPage(<Shell />, { server, path }), server }
}

afterEach(() => {
  Reflect.deleteProperty(navigator, 'serviceWorker')
})

test('every section carries the account used last, and the chosen one is named', async () => {
  openShell({ lastAccountId: 'a2' })

  const navigation = within(await screen.findByRole('navigation', { name: 'Settings' }))
  expect(navigation.getByText('In Northwind Fibre')).toBeTruthy()
  expect(navigation.getByRole('link', { name: 'Profile' }).getAttribute('href')).toBe(
    '/settings/profile?account=a2',
  )
  expect(navigation.getByRole('link', { name: 'Profile' }).getAttribute('aria-current')).toBe('page')
  expect(navigation.getByRole('link', { name: /Inbox/ }).textContent).toContain('7')
})

test('switching the account stays on the page, and is remembered', async () => {
  const { user, router, server } = openShell()

  await user.click(await screen.findByRole('button', { name: /Acme Networks/ }))
  await user.click(await screen.findByRole('menuitemradio', { name: 'Northwind Fibre' }))

  await waitFor(() => expect(router.state.location.search).toBe('?account=a2'))
  expect(router.state.location.pathname).toBe('/settings/profile')
  await waitFor(() =>
    expect(server.received.at(-1)).toEqual({
      operationName: 'RecordLastVisited',
      variables: { input: { path: '/settings/profile?account=a2', accountId: 'a2' } },
    }),
  )
})

test('a person in one account has nothing to switch, and one in none no settings of an account', async () => {
  const [membership] = demoUser().accountUsers
  const { unmount } = openShell({ accountUsers: [membership] })
  expect(await screen.findByText('Acme Networks')).toBeTruthy()
  expect(screen.queryByRole('button', { name: /Switch account/ })).toBeNull()
  unmount()

  openShell({ accountUsers: [] })
  expect(await screen.findByRole('link', { name: 'Profile' })).toBeTruthy()
  expect(screen.queryByRole('link', { name: 'Access tokens' })).toBeNull()
})

test('the administration of an account is listed for those who have something to do there', async () => {
  const [membership, other] = demoUser().accountUsers
  const admin = { ...membership, roles: [{ id: 'r9', name: 'Admin', permissions: ['account.manage'] }] }
  const { user } = openShell({ accountUsers: [admin, other] })
  const link = await screen.findByRole('link', { name: 'Sign-in' })
  expect(link.getAttribute('href')).toBe('/settings/sign-in?account=a1')

  await user.click(screen.getByRole('button', { name: /Acme Networks/ }))
  await user.click(await screen.findByRole('menuitemradio', { name: 'Northwind Fibre' }))
  await waitFor(() => expect(screen.queryByRole('link', { name: 'Sign-in' })).toBeNull())
})

test('the avatar opens the profile, from every page', async () => {
  const { user, router } = openShell({}, '/settings/activity')

  await user.click(await screen.findByRole('link', { name: 'Profile of Mara Lindqvist' }))

  expect(router.state.location.pathname).toBe('/settings/profile')
})

test('emoji mode puts emoji before the sections, silently', async () => {
  openShell({ emojiMode: true })

  const tokens = await screen.findByRole('link', { name: 'Access tokens' })
  expect(tokens.textContent).toContain('🔑')
})

test('logging out asks first', async () => {
  const { user, server } = openShell()
  const signOuts = () => server.received.filter(({ operationName }) => operationName === 'SignOut')

  await user.click(await screen.findByRole('button', { name: 'Profile, theme and logging out' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Log out…' }))
  const question = within(await screen.findByRole('dialog', { name: 'Log out of Lanyard?' }))
  expect(signOuts()).toHaveLength(0)

  await user.click(question.getByRole('button', { name: 'Stay signed in' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(signOuts()).toHaveLength(0)
})

test('what the push worker asks for is opened in place, and a page that cannot make a sound says so', async () => {
  const worker = new EventTarget()
  Object.defineProperty(navigator, 'serviceWorker', { value: worker, configurable: true })
  const { router } = openShell()
  await screen.findByRole('navigation', { name: 'Settings' })
  const ask = async (data: unknown) => {
    const postMessage = vi.fn()
    worker.dispatchEvent(Object.assign(new Event('message'), { data, ports: [{ postMessage }] }))
    await waitFor(() => expect(postMessage).toHaveBeenCalled())
    return postMessage.mock.calls[0]?.[0]
  }

  expect(await ask({ ask: 'open', path: '/settings/activity' })).toBe(true)
  expect(router.state.location.pathname).toBe('/settings/activity')
  expect(await ask({ ask: 'open', path: '//elsewhere.example.com' })).toBe(false)
  expect(router.state.location.pathname).toBe('/settings/activity')
  expect(await ask({ ask: 'play-sound', sound: 'siren' })).toBe(false)
})
