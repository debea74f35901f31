import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useQuery } from '@apollo/client/react'
import { ContactsDocument } from '../../graphql/generated.ts'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { DevicesAndSlack } from './DevicesAndSlack.tsx'

const unheard = {
  lastDeliveredAt: null,
  lastFailedAt: null,
  lastFailedReason: null,
  lastFailedDetail: null,
}
const at = '2026-11-03T11:02:00Z'
const later = '2026-11-03T12:00:00Z'

interface Device {
  id: string
  name: string
  createdAt: string
  health: object
}
const device = (id: string, name: string, health: object = unheard): Device => ({
  id,
  name,
  createdAt: at,
  health,
})
const link = { id: 's1', handle: 'mara', workspace: 'acme-networks', linkedAt: at, health: unheard }

interface Owned {
  devices?: Device[]
  slackLinks?: (typeof link)[]
  slackConfigured?: boolean
  notificationChannels?: string[]
}

function openSection(owned: Owned = {}, path = '/settings/contacts') {
  const { slackConfigured = true, notificationChannels = [] } = owned
  const devices = [...(owned.devices ?? [])]
  const slackLinks = [...(owned.slackLinks ?? [])]
  const state = { refuse: undefined as Error | undefined }
  const me = {
    id: 'u1',
    notificationChannels,
    emails: [],
    phones: [],
    pushDevices: () => [...devices],
    slackLinks: () => [...slackLinks],
    channels: ['PUSH', 'SMS', 'VOICE', 'WHATSAPP', 'SLACK', 'EMAIL'].map((channel) => ({
      channel,
      configured: channel !== 'SLACK' || slackConfigured,
      missing: null,
      provenBy: 'CODE',
      alertsOnly: false,
    })),
  }
  const unless = <Answer,>(answer: () => Answer): Answer => {
    if (state.refuse) throw state.refuse
    return answer()
  }
  const without = (rows: { id: string }[], id: string) =>
    rows.splice(
      rows.findIndex((row) => row.id === id),
      1,
    )
  const server = createServerDouble({
    me,
    pushPublicKey: 'BKey',
    registerPushDevice: () =>
      unless(() => {
        const added = device('new', 'Firefox on Linux')
        devices.unshift(added)
        return { pushDevice: added, me }
      }),
    removePushDevice: ({ input }: { input: { pushDeviceId: string } }) =>
      unless(() => {
        without(devices, input.pushDeviceId)
        return { removedId: input.pushDeviceId, me }
      }),
    unlinkSlack: ({ input }: { input: { slackLinkId: string } }) =>
      unless(() => {
        without(slackLinks, input.slackLinkId)
        return { removedId: input.slackLinkId, me }
      }),
    linkSlack: () => unless(() => ({ authorizeUrl: `${location.origin}/#authorize`, me })),
  })
  return { server, state, ...renderPage(<Section />, { server, path }) }
}

/** The section as its page shows it. */
function Section() {
  const { data } = useQuery(ContactsDocument)
  return data?.me ? <DevicesAndSlack user={data.me} /> : null
}

const row = async (name: string) => within((await screen.findByText(name)).closest('li') ?? document.body)

/** The parts of a browser that push needs. `asked` is the person's answer; `failing` what does not work. */
function createBrowser({
  asked = 'granted',
  failing,
}: { asked?: NotificationPermission; failing?: 'worker' | 'push service' } = {}) {
  const stored = new Map<string, string>()
  let subscription: object | null = null
  const unsubscribe = vi.fn(() => {
    subscription = null
    return Promise.resolve(true)
  })
  const pushManager = {
    subscribe: vi.fn((_options: unknown) => {
      if (failing === 'push service') return Promise.reject(new DOMException('', 'AbortError'))
      const made = {
        toJSON: () => ({ endpoint: 'https://push.example.com/1', keys: { p256dh: 'p', auth: 'a' } }),
        unsubscribe,
      }
      subscription = made
      return Promise.resolve(made)
    }),
    getSubscription: () => Promise.resolve(subscription),
  }
  const registration = { pushManager }
  const register = vi.fn((_url: string) =>
    failing === 'worker'
      ? Promise.reject(new DOMException('', 'SecurityError'))
      : Promise.resolve(registration),
  )
  Object.defineProperty(navigator, 'serviceWorker', {
    configurable: true,
    value: {
      register,
      ready: Promise.resolve(registration),
      getRegistration: () => Promise.resolve(registration),
    },
  })
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('PushManager', vi.fn())
  vi.stubGlobal('Notification', {
    permission: 'default',
    requestPermission: vi.fn(() => Promise.resolve(asked)),
  })
  vi.stubGlobal('caches', {
    open: () =>
      Promise.resolve({
        put: async (key: string, response: Response) => void stored.set(key, await response.text()),
        match: (key: string) => {
          const text = stored.get(key)
          return Promise.resolve(text === undefined ? undefined : new Response(text))
        },
      }),
    delete: () => Promise.resolve(stored.clear()),
  })
  return { register, pushManager, unsubscribe, stored }
}

beforeEach(() => {
  vi.stubGlobal('isSecureContext', true)
})
afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'serviceWorker')
  location.hash = ''
})

test('a row says whether its device works, and since when', async () => {
  openSection({
    devices: [
      device('d1', 'Chrome on Android', { ...unheard, lastDeliveredAt: at }),
      device('d2', 'Firefox on Linux', {
        ...unheard,
        lastDeliveredAt: at,
        lastFailedAt: later,
        lastFailedReason: 'CARRIER_UNREACHABLE',
      }),
      device('d3', 'Safari on macOS'),
    ],
    slackLinks: [link],
  })

  expect((await row('Chrome on Android')).getByText('Working')).toBeTruthy()
  const failing = await row('Firefox on Linux')
  expect(failing.getByText('Failed')).toBeTruthy()
  expect(failing.getAllByRole('time').at(-1)?.parentElement?.textContent).toBe(
    'registered 3 Nov · failed 3 Nov: The carrier could not be reached.',
  )
  const untried = await row('Safari on macOS')
  expect(untried.getByText('Not tried yet')).toBeTruthy()
  expect(untried.getByText(/nothing delivered yet/)).toBeTruthy()
  const slack = await row('@mara')
  expect(slack.getByRole('time').parentElement?.textContent).toBe(
    'workspace acme-networks · linked 3 Nov · nothing delivered yet',
  )
})

test('registering asks for permission, starts the worker and marks this device', async () => {
  const browser = createBrowser()
  const { user, server } = openSection()
  await user.click(await screen.findByRole('button', { name: 'Register this device' }))

  expect((await row('Firefox on Linux')).getByText('This device')).toBeTruthy()
  expect(browser.register).toHaveBeenCalledExactlyOnceWith('/push-worker.js')
  expect(browser.pushManager.subscribe).toHaveBeenCalledExactlyOnceWith({
    userVisibleOnly: true,
    applicationServerKey: 'BKey',
  })
  expect(server.received.at(-1)).toEqual({
    operationName: 'RegisterPushDevice',
    variables: { input: { endpoint: 'https://push.example.com/1', p256dh: 'p', auth: 'a' } },
  })
  expect([...browser.stored.values()]).toEqual(['new'])
  expect(screen.queryByRole('button', { name: 'Register this device' })).toBeNull()
})

test.each([
  [{ asked: 'denied' }, /does not allow notifications from Lanyard\. Allow them in its settings/],
  [{ asked: 'default' }, /question was not answered, so nothing was registered/],
  [{ failing: 'worker' }, /did not start what takes pushes/],
  [{ failing: 'push service' }, /push service of this browser did not answer/],
] as const)('what is in the way is said, with the way out: %j', async (way, sentence) => {
  createBrowser(way)
  const { user, server } = openSection()
  await user.click(await screen.findByRole('button', { name: 'Register this device' }))

  expect((await screen.findByRole('alert')).textContent).toMatch(sentence)
  expect(server.received.map(({ operationName }) => operationName)).not.toContain('RegisterPushDevice')
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Register this device' }).disabled).toBe(
    false,
  )
})

test('a refusal of the server is said, and this device is none', async () => {
  const browser = createBrowser()
  const { user, state } = openSection()
  state.refuse = refusal('ADDRESS_LIMIT_REACHED')
  await user.click(await screen.findByRole('button', { name: 'Register this device' }))

  expect((await screen.findByRole('alert')).textContent).toContain('You have as many as there may be.')
  expect(browser.stored.size).toBe(0)
})

test.each([
  ['takes no pushes', true, /^This browser takes no pushes\./],
  ['came over plain http', false, /^Pushes need a page that came over https\./],
])('a page that %s says so beside the disabled button', async (_case, isSecureContext, sentence) => {
  vi.stubGlobal('isSecureContext', isSecureContext)
  openSection()
  const register = await screen.findByRole<HTMLButtonElement>('button', { name: 'Register this device' })
  expect(register.disabled).toBe(true)
  expect(screen.getByText(sentence)).toBeTruthy()
})

test('removing this device asks first, says what is lost, and ends its subscription', async () => {
  const browser = createBrowser()
  const { user } = openSection({ notificationChannels: ['PUSH'] })
  await user.click(await screen.findByRole('button', { name: 'Register this device' }))
  await user.click(
    (await row('Firefox on Linux')).getByRole('button', { name: 'More for Firefox on Linux' }),
  )
  await user.click(await screen.findByRole('menuitem', { name: 'Remove…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Remove Firefox on Linux?' }))
  expect(dialog.getByText('It is the only address of these default channels: Push.')).toBeTruthy()
  await user.click(dialog.getByRole('button', { name: 'Remove device' }))

  expect(await screen.findByText('No device and no Slack yet')).toBeTruthy()
  await waitFor(() => expect(browser.unsubscribe).toHaveBeenCalled())
  expect(browser.stored.size).toBe(0)
  expect(screen.getByRole('button', { name: 'Register this device' })).toBeTruthy()
})

test('linking leads to where Slack asks; a refusal stays here and says why', async () => {
  const { user, state } = openSection()
  state.refuse = refusal('INTERNAL')
  await user.click(await screen.findByRole('button', { name: 'Link Slack' }))
  expect((await screen.findByRole('alert')).textContent).toContain('The server failed.')

  state.refuse = undefined
  await user.click(screen.getByRole('button', { name: 'Link Slack' }))
  await waitFor(() => expect(location.hash).toBe('#authorize'))
})

test.each([
  ['linked', 'output', 'Slack is linked.'],
  ['failed', '[role=alert]', 'Slack did not link the account. Try again.'],
])('who comes back from Slack reads once how it went: %s', async (outcome, region, sentence) => {
  const { router } = openSection({}, `/settings/contacts?slack=${outcome}&account=a1`)

  expect(await screen.findByText(sentence)).toBeTruthy()
  expect(screen.getByText(sentence).closest(region)).toBeTruthy()
  await waitFor(() => expect(router.state.location.search).toBe('?account=a1'))
  expect(screen.getByText(sentence)).toBeTruthy()
})

test('unlinking asks first; a refusal is said in the dialog', async () => {
  const { user, state } = openSection({ slackLinks: [link] })
  await user.click((await row('@mara')).getByRole('button', { name: 'More for @mara' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Unlink…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Unlink @mara?' }))
  state.refuse = refusal('INTERNAL')
  await user.click(dialog.getByRole('button', { name: 'Unlink Slack' }))
  expect((await dialog.findByRole('alert')).textContent).toContain('The server failed.')

  state.refuse = undefined
  await user.click(dialog.getByRole('button', { name: 'Unlink Slack' }))
  await waitFor(() => expect(screen.queryByText('@mara')).toBeNull())
})

test('a server without Slack says so beside the disabled button', async () => {
  openSection({ slackConfigured: false })
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Link Slack' })).disabled).toBe(true)
  expect(screen.getByText(/Slack is not set up on this server/)).toBeTruthy()
})
