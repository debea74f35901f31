import { screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { CurrentAccountProvider } from '../../app/current-account.tsx'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { NotificationSettingsPage } from './NotificationSettingsPage.tsx'

const catalogue = [
  { id: 'TICKET_ASSIGNED', name: 'Ticket assigned to me', category: 'Tickets' },
  { id: 'TICKET_REPLIED', name: 'Reply on my ticket', category: 'Tickets' },
  { id: 'IMPORT_FAILED', name: 'Import failed', category: 'Data' },
]
type Input = { accountUserId: string; preferences: { eventType: string; channels: string[] }[] }

/** Whether each channel that carries events can be used, and why not. */
const allWork: Record<string, string | null> = { PUSH: null, SMS: null, EMAIL: null }

/** `off` are the events that do not come to the inbox. */
function createSettings(off: string[] = [], needs = allWork) {
  const stored = new Map(catalogue.map(({ id }) => [id, off.includes(id) ? [] : ['IN_APP']]))
  const arrived: Input[] = []
  const holding: (() => void)[] = []
  const settings = {
    arrived,
    refuse: undefined as Error | undefined,
    /** Keeps answers back until `release`. */
    hold: false,
    release: () => holding.splice(0).forEach((answer) => answer()),
  }
  const accountUser = (id: string, name: string) => ({
    id,
    account: { id: `account-of-${id}`, name },
    notificationPreferences: () =>
      catalogue.map((eventType) => ({ eventType, channels: stored.get(eventType.id) })),
  })
  const server = createServerDouble({
    me: {
      id: 'user-1',
      channels: Object.entries(needs).map(([channel, missing]) => ({ channel, missing })),
      accountUsers: [accountUser('au1', 'Acme Networks'), accountUser('au2', 'Northwind Fibre')],
    },
    setNotificationPreferences: async ({ input }: { input: Input }) => {
      arrived.push(input)
      const refused = settings.refuse
      if (settings.hold) await new Promise<void>((resolve) => holding.push(resolve))
      if (refused) throw refused
      for (const { eventType, channels } of input.preferences) stored.set(eventType, channels)
      return { accountUser: accountUser(input.accountUserId, 'Acme Networks') }
    },
  })
  return { server, settings }
}

function openPage({ server }: Pick<ReturnType<typeof createSettings>, 'server'>) {
  const current = {
    accountUserId: 'au1',
    account: { id: 'account-of-au1', name: 'Acme Networks' },
    closed: null,
    permissions: [],
    memberships: [],
  }
  return renderPage(
    <CurrentAccountProvider current={current}>
      <NotificationSettingsPage />
    </CurrentAccountProvider>,
    { server },
  )
}

const savedAt = () => screen.findByText(/^\d\d:\d\d$/)
const box = (name: string) => screen.findByRole<HTMLInputElement>('checkbox', { name })

afterEach(() => {
  vi.restoreAllMocks()
})

test('a box is saved by itself, and the head of the page says when', async () => {
  const { server, settings } = createSettings()
  const { user } = openPage({ server })
  await user.click(await box('Reply on my ticket, in-app'))

  expect((await box('Reply on my ticket, in-app')).checked).toBe(false)
  expect((await savedAt()).parentElement?.textContent).toMatch(/^Saved \d\d:\d\d$/)
  expect(settings.arrived).toEqual([
    { accountUserId: 'au1', preferences: [{ eventType: 'TICKET_REPLIED', channels: [] }] },
  ])
  expect((await box('Tickets, in-app')).indeterminate).toBe(true)
})

test('the box of a group sets all of it in one request', async () => {
  const { server, settings } = createSettings(['TICKET_REPLIED'])
  const { user } = openPage({ server })
  expect((await box('Tickets, in-app')).indeterminate).toBe(true)
  await user.click(await box('Tickets, in-app'))

  await waitFor(() => expect(settings.arrived).toHaveLength(1))
  expect(settings.arrived[0]?.preferences.map(({ eventType, channels }) => [eventType, channels])).toEqual([
    ['TICKET_ASSIGNED', ['IN_APP']],
    ['TICKET_REPLIED', ['IN_APP']],
  ])
  expect((await box('Reply on my ticket, in-app')).checked).toBe(true)
  expect((await box('Import failed, in-app')).checked).toBe(true)
})

test('a refused box moves back, says why, and can be tried again', async () => {
  const { server, settings } = createSettings()
  const { user } = openPage({ server })
  const imports = await box('Import failed, in-app')
  settings.refuse = refusal('INTERNAL')
  await user.click(imports)

  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toContain('Not saved: The server failed.')
  expect(alert.closest('tr')).toBe(imports.closest('tr'))
  expect(imports.checked).toBe(true)
  expect(screen.queryByText(/^\d\d:\d\d$/)).toBeNull()

  settings.refuse = undefined
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  expect(imports.checked).toBe(false)
  expect(await savedAt()).toBeTruthy()
})

test('a server that does not answer is a refusal too, and the next change is still saved', async () => {
  const { server, settings } = createSettings()
  let reachable = true
  const send: typeof fetch = (url, init) =>
    reachable ? server.send(url, init) : Promise.reject(new TypeError('Failed to fetch'))
  const { user } = openPage({ server: { ...server, send } })
  const imports = await box('Import failed, in-app')

  reachable = false
  await user.click(imports)
  expect((await screen.findByRole('alert')).textContent).toContain('The server did not answer.')
  expect(imports.checked).toBe(true)

  reachable = true
  await user.click(await box('Reply on my ticket, in-app'))
  await waitFor(() => expect(settings.arrived).toHaveLength(1))
})

test('boxes move at once, and their changes reach the server in the order they were made', async () => {
  const { server, settings } = createSettings()
  const { user } = openPage({ server })
  const imports = await box('Import failed, in-app')
  settings.hold = true
  await user.click(imports)
  await user.click(imports)
  expect(imports.checked).toBe(true)
  expect(screen.getByText('Saving…')).toBeTruthy()
  expect(settings.arrived).toHaveLength(1)

  settings.hold = false
  settings.release()
  await savedAt()
  expect(settings.arrived.map(({ preferences }) => preferences[0]?.channels)).toEqual([[], ['IN_APP']])
  expect(imports.checked).toBe(true)
})

test('on a phone every event has a toggle of its own', async () => {
  const desk = window.matchMedia('')
  vi.spyOn(window, 'matchMedia').mockReturnValue({ ...desk, matches: true })
  const { server, settings } = createSettings()
  const { user } = openPage({ server })
  await user.click(await box('Import failed, in-app'))

  expect(screen.queryByRole('table')).toBeNull()
  expect(screen.getByRole('region', { name: 'Data' }).textContent).toContain('Import failed')
  await waitFor(() => expect(settings.arrived).toHaveLength(1))
  expect((await box('Import failed, in-app')).checked).toBe(false)
})

test('an event comes over each channel whose box is ticked, however quickly they are ticked', async () => {
  const { server, settings } = createSettings()
  const { user } = openPage({ server })
  const email = await box('Import failed, email')
  settings.hold = true
  await user.click(email)
  await user.click(await box('Import failed, SMS'))
  await user.click(await box('Import failed, in-app'))
  settings.hold = false
  settings.release()

  await savedAt()
  expect(settings.arrived.map(({ preferences }) => preferences[0]?.channels)).toEqual([
    ['IN_APP', 'EMAIL'],
    ['IN_APP', 'EMAIL', 'SMS'],
    ['EMAIL', 'SMS'],
  ])
  expect([email.checked, (await box('Data, SMS')).checked]).toEqual([true, true])
})

test('a refusal of one channel leaves the others as they are', async () => {
  const { server, settings } = createSettings()
  const { user } = openPage({ server })
  const email = await box('Import failed, email')
  settings.refuse = refusal('INTERNAL')
  await user.click(email)
  await screen.findByRole('alert')
  settings.refuse = undefined
  await user.click(await box('Import failed, SMS'))

  await waitFor(() =>
    expect(settings.arrived.at(-1)?.preferences).toEqual([
      { eventType: 'IMPORT_FAILED', channels: ['IN_APP', 'SMS'] },
    ]),
  )
  expect(screen.getByRole('alert')).toBeTruthy()
  expect(email.checked).toBe(false)
})

const shapes = [
  ['on a desk', false],
  ['on a phone', true],
] as const

test.each(shapes)(
  'a column that cannot be used says why, once, and leads out (%s)',
  async (_shape, phone) => {
    const desk = window.matchMedia('')
    vi.spyOn(window, 'matchMedia').mockReturnValue({ ...desk, matches: phone })
    const { server, settings } = createSettings([], { SMS: 'VERIFIED_PHONE', EMAIL: 'PROVEN_EMAIL' })
    const { user } = openPage({ server })
    const sms = await box('Import failed, SMS')
    expect([sms.disabled, (await box('Import failed, email')).disabled]).toEqual([true, true])
    expect((await box('Import failed, in-app')).disabled).toBe(false)

    const link = screen.getByRole('link', { name: 'Verify a phone' })
    expect(link.getAttribute('href')).toBe('/settings/contacts?account=account-of-au1')
    expect(link.closest('p')?.textContent).toBe(
      'SMS is off. Nothing is sent before a phone is verified. Verify a phone',
    )
    expect(sms.getAttribute('aria-describedby')).toBe(link.closest('p')?.id)
    expect(screen.getByRole('link', { name: 'Prove an email' })).toBeTruthy()
    await user.click(sms)
    expect(settings.arrived).toEqual([])
  },
)

test('a channel that this server does not have says so and leads nowhere', async () => {
  const { server } = createSettings([], { SMS: 'NOT_CONFIGURED', EMAIL: null })
  openPage({ server })

  expect((await screen.findByText('SMS is off.')).closest('p')?.textContent).toBe(
    'SMS is off. This server is not set up for it; whoever runs it can change that.',
  )
  expect(screen.queryByRole('link', { name: 'Verify a phone' })).toBeNull()
})
