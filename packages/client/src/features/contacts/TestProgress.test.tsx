import { act, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { TestProgress } from './TestProgress.tsx'
import { useSendTest } from './use-send-test.ts'

const steps = {
  QUEUED: {},
  SENT: { sentAt: '2026-11-23T08:12:05Z' },
  DELIVERED: { sentAt: '2026-11-23T08:12:05Z', deliveredAt: '2026-11-23T08:12:07Z' },
  FAILED: { reason: 'ADDRESS_INVALID', detail: '21211 invalid number', failedAt: '2026-11-23T08:12:06Z' },
}

const delivery = (state: keyof typeof steps) => ({
  __typename: 'Delivery',
  id: 'd1',
  channel: 'SMS',
  state,
  reason: null,
  detail: null,
  createdAt: '2026-11-23T08:12:04Z',
  sentAt: null,
  deliveredAt: null,
  failedAt: null,
  ...steps[state],
})

function Row() {
  const { send, deliveryId, refusal } = useSendTest('p1')
  return (
    <>
      <button onClick={() => send('SMS')}>Send test</button>
      {refusal && <p role="alert">{refusal}</p>}
      {deliveryId && <TestProgress deliveryId={deliveryId} />}
    </>
  )
}

async function sendTest(root: Record<string, unknown> = {}) {
  const server = createServerDouble({
    sendTestNotification: () => ({ delivery: delivery('QUEUED') }),
    ...root,
  })
  const page = renderPage(<Row />, { server, timeZone: 'America/New_York' })
  await page.user.click(screen.getByRole('button', { name: 'Send test' }))
  const push = (state: keyof typeof steps) =>
    act(() => server.push('DeliveryChanges', { deliveryChanged: delivery(state) }))
  return { ...page, server, push }
}

const progress = () => screen.getByText('Test text').parentElement?.textContent

test('a test says how far it has come, as the server tells it', async () => {
  const { push } = await sendTest()
  expect(await screen.findByText('Test text')).toBeTruthy()
  expect(progress()).toBe('Test textqueued 03:12:04')

  push('SENT')
  expect(progress()).toBe('Test textqueued 03:12:04→sent 03:12:05')
  push('DELIVERED')
  expect(progress()).toBe('Test textqueued 03:12:04→sent 03:12:05→delivered 03:12:07')
  expect(screen.getByText('Test text: delivered')).toBeTruthy()
})

test('a test that failed says why, and quotes the carrier', async () => {
  const { push } = await sendTest()
  await screen.findByText('Test text')
  push('FAILED')

  expect(progress()).toBe('Test textqueued 03:12:04→failed 03:12:06')
  expect(screen.getByText(/^The carrier knows no such address\./).textContent).toContain(
    '21211 invalid number',
  )
})

test('a test that is refused leaves no trace of one', async () => {
  await sendTest({
    sendTestNotification: () => {
      throw refusal('CHANNEL_UNAVAILABLE')
    },
  })
  expect((await screen.findByRole('alert')).textContent).toBe('Nothing can be sent there now.')
  expect(screen.queryByText('Test text')).toBeNull()
})

test('where the socket is silent the server is asked, until the test is decided', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 20 })
  let state: keyof typeof steps = 'SENT'
  const { server } = await sendTest({ me: { id: 'u1', delivery: () => delivery(state) } })
  const asked = () => server.received.filter(({ operationName }) => operationName === 'DeliveryNow').length
  await screen.findByText('Test text')
  expect(asked()).toBe(0)

  await act(() => vi.advanceTimersByTimeAsync(4_100))
  await waitFor(() => expect(progress()).toContain('sent 03:12:05'))
  state = 'DELIVERED'
  await act(() => vi.advanceTimersByTimeAsync(2_100))
  await waitFor(() => expect(progress()).toContain('delivered 03:12:07'))

  const askedUntilThen = asked()
  await act(() => vi.advanceTimersByTimeAsync(10_000))
  expect(asked()).toBe(askedUntilThen)
})

afterEach(() => {
  vi.useRealTimers()
})
