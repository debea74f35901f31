import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { DeliveriesPage } from './DeliveriesPage.tsx'

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

function delivery(id: string, changes: object = {}) {
  return {
    id,
    channel: 'SMS',
    messageKind: 'TEST',
    addressId: 'p1',
    address: '+12025550142',
    state: 'DELIVERED',
    reason: null,
    detail: null,
    attempts: 1,
    carrier: 'twilio',
    carrierId: 'SM0142',
    carrierStatus: 'delivered',
    createdAt: minutesAgo(3),
    sentAt: minutesAgo(2),
    deliveredAt: minutesAgo(1),
    failedAt: null,
    ...changes,
  }
}

/** `pages` are what the server has, in turn; the cursor is the number of the page. */
function openPage(pages: object[][], path = '/', refuse?: Error) {
  const asked: object[] = []
  const state = { refuse }
  const server = createServerDouble({
    me: {
      id: 'u1',
      deliveries: (args: { addressId?: string; after?: string }) => {
        asked.push({ ...args })
        if (state.refuse) throw state.refuse
        const page = Number(args.after ?? 0)
        return {
          edges: (pages[page] ?? []).map((node, index) => ({ cursor: `${page}-${index}`, node })),
          pageInfo: { hasNextPage: page + 1 < pages.length, endCursor: String(page + 1) },
        }
      },
    },
  })
  return { ...renderPage(<DeliveriesPage />, { server, path }), asked, state }
}

const item = async (kind: RegExp) => within((await screen.findByText(kind)).closest('li') ?? document.body)

test('a line says what was sent, over what, where to and how far it came', async () => {
  openPage([
    [
      delivery('1'),
      delivery('2', { channel: 'EMAIL', messageKind: 'EVENT', address: 'mara@example.com', state: 'SENT' }),
      delivery('3', { channel: 'VOICE', messageKind: 'OF_A_NEWER_SERVER', state: 'QUEUED' }),
    ],
  ])

  const test = await item(/^Test$/)
  expect(test.getByText('Delivered')).toBeTruthy()
  expect(test.getByRole('time').parentElement?.textContent).toMatch(
    /^Text message to \+12025550142 · (?:to|yester)day \d\d:\d\d$/,
  )
  const notification = await item(/^Notification$/)
  expect(notification.getByText('Sent')).toBeTruthy()
  expect(notification.getByText(/Email to mara@example.com/)).toBeTruthy()
  expect((await item(/^OF_A_NEWER_SERVER$/)).getByText('Waiting')).toBeTruthy()
})

test('a message that did not arrive says why, in words and in those of the carrier', async () => {
  openPage([
    [
      delivery('1', {
        state: 'UNDELIVERED',
        reason: 'BOUNCED',
        detail: '550 5.1.1 mailbox does not exist',
        deliveredAt: null,
        failedAt: minutesAgo(1),
      }),
      delivery('2', { messageKind: 'PHONE_CODE', state: 'SUPPRESSED', reason: 'OPTED_OUT' }),
    ],
  ])

  const bounced = await item(/^Test$/)
  expect(bounced.getByText('Not delivered')).toBeTruthy()
  expect(bounced.getByText(/The mail came back\./).textContent).toBe(
    'The mail came back. 550 5.1.1 mailbox does not exist',
  )
  const suppressed = await item(/^Code that verifies a phone$/)
  expect(suppressed.getByText('Not sent')).toBeTruthy()
  expect(suppressed.getByText(/You opted out\./)).toBeTruthy()
})

test('what only some need to know opens on demand', async () => {
  const { user } = openPage([[delivery('1', { attempts: 3 })]])
  const line = await screen.findByRole('button', { name: /Test/ })
  expect(screen.queryByText('SM0142')).toBeNull()
  await user.click(line)

  expect(line.getAttribute('aria-expanded')).toBe('true')
  for (const [term, value] of [
    ['Attempts', '3'],
    ['Carrier', 'twilio'],
    ['State at the carrier', 'delivered'],
    ['Id at the carrier', 'SM0142'],
  ] as const) {
    expect(screen.getByText(term).nextElementSibling?.textContent).toBe(value)
  }
})

test('more are loaded below those that are there', async () => {
  const { user, asked } = openPage([[delivery('1')], [delivery('2', { messageKind: 'PHONE_ADDED' })]])
  await user.click(await screen.findByRole('button', { name: 'Show more' }))

  expect(await screen.findByText('Phone added')).toBeTruthy()
  expect(screen.getByText('Test')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
  expect(asked.at(-1)).toEqual({ addressId: null, after: '1' })
})

test('the deliveries of one address are asked for by its id, and lead back to all', async () => {
  const { user, asked, router } = openPage([[delivery('1')]], '/settings/contacts/deliveries?address=p1')
  await screen.findByText('Test')
  expect(asked).toEqual([{ addressId: 'p1' }])

  await user.click(screen.getByRole('link', { name: 'Show all deliveries' }))
  expect(router.state.location.search).toBe('')
  await waitFor(() => expect(asked.at(-1)).toEqual({ addressId: null }))
})

test('nothing sent, and nothing loaded, both say so', async () => {
  const { unmount } = openPage([[]])
  expect(await screen.findByText('Nothing was sent yet')).toBeTruthy()
  unmount()

  const failing = openPage([[delivery('1')]], '/', refusal('INTERNAL', { requestId: '7f3c-91ab' }))
  expect((await screen.findByRole('alert')).textContent).toContain('Request 7f3c-91ab.')
  failing.state.refuse = undefined
  await failing.user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('Test')).toBeTruthy()
})
