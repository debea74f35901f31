import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ViewerProvider } from '../../app/viewer.tsx'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble } from '../../test/server-double.ts'
import { LogoWithBadge } from './LogoWithBadge.tsx'
import { faviconFor } from './use-favicon.ts'

beforeEach(() => {
  vi.useFakeTimers()
  document.head.innerHTML = '<link rel="icon" href="/favicon.svg">'
})

afterEach(() => {
  vi.useRealTimers()
  document.head.innerHTML = ''
})

function showLogo() {
  const server = createServerDouble({})
  renderPage(
    <ViewerProvider
      viewer={{
        id: 'user-1',
        name: 'Mara Lindqvist',
        avatarUrl: null,
        emojiMode: false,
        superAdmin: false,
      }}
    >
      <LogoWithBadge />
    </ViewerProvider>,
    { server, path: '/settings/profile?account=a1' },
  )
  const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds))
  const push = async (version: number, unread: number) => {
    const badge = { __typename: 'NotificationBadge', unread, alerts: 0, version }
    act(() => server.push('BadgeChanges', { notificationBadge: badge }))
    await pass(1)
    await pass(1)
  }
  return { pass, push }
}

const logo = () => screen.getByRole<HTMLAnchorElement>('link')
const pill = () => logo().querySelector('[data-count]')?.getAttribute('data-count')
const announced = () => screen.getByRole('status').textContent
const favicon = () => document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.getAttribute('href')

test('the logo leads to the inbox and says how many items are unread', async () => {
  const { push } = showLogo()
  expect(logo().getAttribute('href')).toBe('/inbox?account=a1')
  expect(logo().getAttribute('aria-label')).toBe('Inbox')

  await push(1, 7)
  expect(logo().getAttribute('aria-label')).toBe('Inbox, 7 unread')
  expect(pill()).toBe('7')

  await push(2, 0)
  expect(logo().getAttribute('aria-label')).toBe('Inbox')
  expect(pill()).toBeUndefined()
})

test('from a hundred on the pill says 99+, and the name says the number', async () => {
  const { push } = showLogo()
  await push(1, 100)
  expect(pill()).toBe('99+')
  expect(logo().getAttribute('aria-label')).toBe('Inbox, 100 unread')
})

test('a push that was overtaken is not shown', async () => {
  const { push } = showLogo()
  await push(5, 2)
  await push(4, 3)
  expect(logo().getAttribute('aria-label')).toBe('Inbox, 2 unread')
})

test('what arrives is announced, a burst once, and what is read is not', async () => {
  const { push, pass } = showLogo()
  await push(1, 3)
  expect(announced()).toBe('')

  await push(2, 4)
  expect(announced()).toBe('1 new notification')

  await push(3, 5)
  await push(4, 7)
  await pass(4_990)
  expect(announced()).toBe('1 new notification')
  await pass(100)
  expect(announced()).toBe('3 new notifications')

  await push(5, 0)
  await pass(5_000)
  await push(6, 1)
  expect(announced()).toBe('1 new notification')
})

test('the tab of the browser carries the count while there is one', async () => {
  const { push } = showLogo()
  await push(1, 3)
  expect(favicon()).toContain('/3.svg')
  await push(2, 12)
  expect(favicon()).toContain('/many.svg')
  await push(3, 0)
  expect(favicon()).toMatch(/\/favicon\.svg$/)
})

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 250])('there is a mark for %i', (unread) => {
  expect(faviconFor(unread)).toBeTruthy()
})
