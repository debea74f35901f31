import { act, screen, waitFor, within } from '@testing-library/react'
import { useParams } from 'react-router'
import { afterEach, expect, test, vi } from 'vitest'
import { ViewerProvider } from '../../app/viewer.tsx'
import { type ServerDouble, createServerDouble, refusal } from '../../test/server-double.ts'
import { renderPage } from '../../test/render-page.tsx'
import { InboxDrawer } from './InboxDrawer.tsx'
import { LogoWithBadge } from './LogoWithBadge.tsx'

const userId = 'user-1'
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

interface Item {
  id: string
  kind?: 'NOTIFICATION' | 'ALERT'
  title: string
  readAt?: string | null
  createdAt?: string
  url?: string
}

/** A server that holds one inbox, counts it as the real one does and can be told to refuse. */
function createInbox(items: Item[], pageSize = 25) {
  let version = 1
  let refuse: Error | undefined
  const stored = items.map((item) => ({
    kind: 'NOTIFICATION',
    account: { id: 'account-1', name: 'Acme Networks' },
    eventType: 'TICKET_ASSIGNED',
    body: 'First line\nSecond line',
    entity: item.url ? { type: 'Ticket', id: '1', name: 'ticket 20418', url: item.url } : null,
    readAt: null as string | null,
    createdAt: minutesAgo(4),
    ...item,
  }))

  const badge = () => {
    const unread = stored.filter(({ readAt }) => readAt === null)
    return { unread: unread.length, alerts: unread.filter(({ kind }) => kind === 'ALERT').length, version }
  }
  const answer = <Payload,>(payload: Payload) => {
    if (refuse) throw refuse
    return payload
  }
  const connection = ({
    kind,
    first = pageSize,
    after,
  }: {
    kind: string
    first?: number
    after?: string
  }) => {
    const ofKind = stored.filter((item) => item.kind === kind)
    const start = after ? ofKind.findIndex(({ id }) => id === after) + 1 : 0
    const page = ofKind.slice(start, start + first)
    return {
      edges: page.map((node) => ({ cursor: node.id, node })),
      pageInfo: { hasNextPage: start + first < ofKind.length, endCursor: page.at(-1)?.id ?? null },
    }
  }

  const server = createServerDouble({
    me: {
      id: userId,
      rowsPerPage: pageSize,
      notifications: (of: Parameters<typeof connection>[0]) => answer(connection(of)),
      notification: ({ id }: { id: string }) => answer(stored.find((item) => item.id === id) ?? null),
    },
    notificationEventTypes: [{ id: 'TICKET_ASSIGNED', name: 'Ticket assigned to me', category: 'Tickets' }],
    setNotificationsRead: ({ input }: { input: { ids: string[]; read: boolean } }) => {
      const marked = stored.filter(({ id }) => answer(input.ids.includes(id)))
      for (const item of marked) item.readAt = input.read ? minutesAgo(0) : null
      version += 1
      return { badge: badge(), notifications: marked }
    },
    setAllNotificationsRead: ({ input }: { input: { kind: string } }) => {
      for (const item of stored) if (answer(item.kind === input.kind)) item.readAt = minutesAgo(0)
      version += 1
      return { badge: badge() }
    },
  })

  return {
    server,
    refuse: (error: Error | undefined) => {
      refuse = error
    },
    /** As if it happened elsewhere: in another tab, or in the host product. */
    change: (act: (all: typeof stored) => void) => {
      act(stored)
      version += 1
      pushBadge(server, badge())
    },
  }
}

const pushBadge = (server: ServerDouble, numbers: { unread: number; alerts: number; version: number }) =>
  server.push('BadgeChanges', { notificationBadge: { __typename: 'NotificationBadge', ...numbers } })

function Page({ onClose }: { onClose: () => void }) {
  const id = useParams()['*']?.split('/')[1]
  return (
    <ViewerProvider
      viewer={{ id: userId, name: 'Mara Lindqvist', avatarUrl: null, emojiMode: false, superAdmin: false }}
    >
      <LogoWithBadge />
      <InboxDrawer opened itemId={id} onClose={onClose} />
    </ViewerProvider>
  )
}

function openInbox(server: ServerDouble, path = '/inbox') {
  const onClose = vi.fn<() => void>()
  return { onClose, ...renderPage(<Page onClose={onClose} />, { server, path }) }
}

const titles = () => screen.queryAllByRole('link', { name: /ticket|job/i }).map((link) => link.textContent)

afterEach(() => {
  vi.restoreAllMocks()
})

test('items stand in groups by day, unread ones say so', async () => {
  const { server } = createInbox([
    { id: 'c', title: 'Ticket 3' },
    { id: 'b', title: 'Ticket 2', readAt: minutesAgo(1) },
    { id: 'a', title: 'Ticket 1', createdAt: '2026-01-05T12:00:00Z' },
  ])
  openInbox(server)

  const today = await screen.findByRole('region', { name: 'Today' })
  expect(within(today).getByRole('link', { name: 'Unread: Ticket 3' })).toBeTruthy()
  expect(within(today).getByRole('link', { name: 'Ticket 2' })).toBeTruthy()
  const older = screen.getByRole('region', { name: /^5 January/ })
  expect(within(older).getByRole('link').textContent).toContain('Ticket 1')
  expect(screen.getByText('Notifications are kept for 30 days.')).toBeTruthy()
})

test('opening an item shows all of it and marks it read', async () => {
  const { server } = createInbox([{ id: 'a', title: 'Ticket 1', url: 'https://desk.example.com/1' }])
  const { user } = openInbox(server)
  const row = await screen.findByRole('link', { name: 'Unread: Ticket 1' })
  // What a click mounts reads its fragments by `use`, for which React asks to await the act.
  await act(() => user.click(row))

  const detail = await screen.findByRole('article')
  expect(within(detail).getByText(/First line/).textContent).toBe('First line\nSecond line')
  expect(within(detail).getByText('Tickets')).toBeTruthy()
  const link = within(detail).getByRole<HTMLAnchorElement>('link', { name: 'Open ticket 20418' })
  expect([link.href, link.rel]).toEqual(['https://desk.example.com/1', 'noopener noreferrer'])
  expect(await screen.findByRole('link', { name: 'Ticket 1' })).toBeTruthy()
  expect(server.received).toContainEqual({
    operationName: 'SetNotificationsRead',
    variables: { input: { ids: ['a'], read: true } },
  })
})

test('an item that is marked unread while it is open stays unread', async () => {
  const { server } = createInbox([{ id: 'a', title: 'Ticket 1', readAt: minutesAgo(1) }])
  const { user } = openInbox(server, '/inbox/a')
  await user.click(await screen.findByRole('button', { name: 'Mark unread' }))

  expect(await screen.findByRole('link', { name: 'Unread: Ticket 1' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Mark read' })).toBeTruthy()
})

test('a link that is no web address is not offered', async () => {
  const { server } = createInbox([{ id: 'a', title: 'Ticket 1', url: 'javascript:alert(1)' }])
  openInbox(server, '/inbox/a')
  const detail = await screen.findByRole('article')
  expect(within(detail).queryByRole('link')).toBeNull()
  expect(within(detail).getByText('Ticket: ticket 20418')).toBeTruthy()
})

test('an item that could not be marked stays unread, says why and can be tried again', async () => {
  const inbox = createInbox([{ id: 'a', title: 'Ticket 1', readAt: minutesAgo(1) }])
  const { user } = openInbox(inbox.server, '/inbox/a')
  const markUnread = await screen.findByRole('button', { name: 'Mark unread' })

  inbox.refuse(refusal('RATE_LIMITED', { retryAfterSeconds: 3 }))
  await user.click(markUnread)
  expect((await screen.findByRole('alert')).textContent).toContain('Not marked as unread: Too many tries.')
  expect(screen.getByRole('button', { name: 'Mark unread' })).toBeTruthy()

  inbox.refuse(undefined)
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('button', { name: 'Mark read' })).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('an address of an item that is gone, or is not one, says so', async () => {
  const { server } = createInbox([])
  openInbox(server, '/inbox/nothing')
  expect(await screen.findByText('This notification is not there any more')).toBeTruthy()
})

test('an address that names an alert only opens the tab of the alerts', async () => {
  const { server } = createInbox([{ id: 'a', kind: 'ALERT', title: 'Job down' }])
  openInbox(server, '/inbox/a')
  await waitFor(() =>
    expect(screen.getByRole('tab', { name: /Alerts/ }).getAttribute('aria-selected')).toBe('true'),
  )
})

test('the next page comes below the first and keeps it', async () => {
  const { server } = createInbox(
    ['Ticket 3', 'Ticket 2', 'Ticket 1'].map((title) => ({ id: title, title, readAt: minutesAgo(1) })),
    2,
  )
  const { user } = openInbox(server)
  await user.click(await screen.findByRole('button', { name: 'Show more' }))
  await waitFor(() => expect(titles()).toEqual(['Ticket 3', 'Ticket 2', 'Ticket 1']))
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
})

test('a page that does not come says why and can be asked for again', async () => {
  const inbox = createInbox(
    ['Ticket 2', 'Ticket 1'].map((title) => ({ id: title, title, readAt: minutesAgo(1) })),
    1,
  )
  const { user } = openInbox(inbox.server)
  const more = await screen.findByRole('button', { name: 'Show more' })
  inbox.refuse(refusal('INTERNAL', { requestId: '7f3c' }))
  await user.click(more)
  expect((await screen.findByRole('alert')).textContent).toContain('Not loaded: The server failed.')
  expect(titles()).toEqual(['Ticket 2'])

  inbox.refuse(undefined)
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(titles()).toEqual(['Ticket 2', 'Ticket 1']))
})

test('marking all read clears the tab that is shown and leaves the other', async () => {
  const inbox = createInbox([
    { id: 'b', title: 'Ticket 1' },
    { id: 'a', kind: 'ALERT', title: 'Job down' },
  ])
  const { user } = openInbox(inbox.server)
  await screen.findByRole('link', { name: 'Unread: Ticket 1' })
  inbox.change(() => {})
  await user.click(await screen.findByRole('button', { name: 'Mark all read' }))

  expect(await screen.findByRole('link', { name: 'Ticket 1' })).toBeTruthy()
  expect(screen.getByText('All read')).toBeTruthy()
  expect(screen.getByRole('tab', { name: 'Alerts 1 unread' })).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Inbox, 1 unread', hidden: true })).toBeTruthy()
})

test('what another tab has read, and what has just arrived, shows without a reload', async () => {
  const inbox = createInbox([{ id: 'a', title: 'Ticket 1' }])
  openInbox(inbox.server)
  await screen.findByRole('link', { name: 'Unread: Ticket 1' })

  inbox.change(([first]) => {
    if (first) first.readAt = minutesAgo(0)
  })
  expect(await screen.findByRole('link', { name: 'Ticket 1' })).toBeTruthy()

  inbox.change((all) => {
    const [first] = all
    if (first) all.unshift({ ...first, id: 'b', title: 'Ticket 2', readAt: null })
  })
  expect(await screen.findByRole('link', { name: 'Unread: Ticket 2' }, { timeout: 3_000 })).toBeTruthy()
})

test('an empty inbox says what will be here', async () => {
  const { server } = createInbox([])
  openInbox(server)
  expect(await screen.findByText('No notifications')).toBeTruthy()
})

test('Escape and the cross close it', async () => {
  const { server } = createInbox([])
  const { user, onClose } = openInbox(server)
  await user.click(await screen.findByRole('button', { name: 'Close the inbox' }))
  await user.keyboard('{Escape}')
  expect(onClose).toHaveBeenCalledTimes(2)
})

test('without room for two panes the item takes the place of the list, and leads back to it', async () => {
  const wide = window.matchMedia('')
  vi.spyOn(window, 'matchMedia').mockReturnValue({ ...wide, matches: true })
  const { server } = createInbox([{ id: 'a', kind: 'ALERT', title: 'Job down' }])
  const { user, router } = openInbox(server, '/inbox/a?account=account-1')

  const title = await screen.findByRole('heading', { name: 'Job down' })
  expect(screen.queryByRole('tab')).toBeNull()
  expect(document.activeElement).toBe(title)
  await user.click(within(screen.getByRole('dialog')).getByRole('link', { name: 'Inbox' }))
  expect(await screen.findByRole('tab', { name: /Alerts/, selected: true })).toBeTruthy()
  expect(router.state.location.search).toBe('?account=account-1&tab=alerts')
})
