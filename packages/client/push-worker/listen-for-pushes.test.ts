import { afterEach, expect, test, vi } from 'vitest'
import { readThisDevice } from '../src/features/contacts/this-device.ts'
import { documentIdOf } from '../src/app/document-id.ts'
import { documentHashes } from '../src/graphql/document-hashes.ts'
import { listenForPushes } from './listen-for-pushes.ts'

const origin = 'https://lanyard.example.com'
const message = {
  title: 'Core switch down',
  body: 'Acme Networks',
  path: '/inbox/n1',
  topic: 'n1',
  urgency: 'high',
  sound: 'siren',
  persistent: true,
}

/** An open page as the worker sees it; `answers` is what it says to what it is asked. */
function openPage(answers: boolean, { focused = true, visibilityState = 'visible' } = {}) {
  const asked: unknown[] = []
  return {
    asked,
    focused,
    visibilityState,
    focus: vi.fn(() => Promise.resolve()),
    postMessage: (request: unknown, [port]: [MessagePort]) => {
      asked.push(request)
      if (answers) port.postMessage(true)
    },
  }
}

/** The browser around the worker. `happen` resolves once the worker lets the browser put it to sleep. */
function createBrowser(pages: ReturnType<typeof openPage>[] = []) {
  const scope = Object.assign(new EventTarget(), {
    location: new URL(`${origin}/push-worker.js`),
    skipWaiting: vi.fn(() => Promise.resolve()),
    registration: {
      showNotification: vi.fn(() => Promise.resolve()),
      pushManager: {
        subscribe: vi.fn(() => Promise.resolve(subscriptionOf('https://push.example.com/new'))),
      },
    },
    clients: {
      matchAll: () => Promise.resolve(pages),
      openWindow: vi.fn(() => Promise.resolve(null)),
    },
  })
  // The parts of a browser that the worker uses; a test that needs another fails here.
  listenForPushes(scope as unknown as ServiceWorkerGlobalScope)
  const happen = async (type: string, fields: object) => {
    const waiting: Promise<unknown>[] = []
    scope.dispatchEvent(
      Object.assign(new Event(type), fields, { waitUntil: (work: Promise<unknown>) => waiting.push(work) }),
    )
    expect(waiting).toHaveLength(1)
    await Promise.all(waiting)
  }
  const push = (text: string) => happen('push', { data: { text: () => text } })
  const click = (data: unknown) => {
    const close = vi.fn()
    return happen('notificationclick', { notification: { data, close } }).then(() =>
      expect(close).toHaveBeenCalled(),
    )
  }
  return { scope, happen, push, click }
}

function subscriptionOf(endpoint: string) {
  return { endpoint, toJSON: () => ({ endpoint, keys: { p256dh: 'public', auth: 'secret' } }) }
}

/** The browser's storage, and a server that answers by operation. */
function createOutside(answers: Record<string, unknown>) {
  const stored = new Map<string, Response>()
  vi.stubGlobal('caches', {
    open: () =>
      Promise.resolve({
        put: (key: string, response: Response) => Promise.resolve(void stored.set(key, response)),
        match: (key: string) => Promise.resolve(stored.get(key)),
      }),
  })
  const sent: { operationName: string | undefined; variables: unknown }[] = []
  vi.stubGlobal('fetch', (url: string, { body }: { body: string }) => {
    expect(url).toBe('/graphql')
    const { documentId, variables } = JSON.parse(body)
    const operationName = Object.keys(documentHashes).find((name) => documentIdOf(name) === documentId)
    sent.push({ operationName, variables })
    return Promise.resolve(Response.json({ data: answers[operationName ?? ''] ?? null }))
  })
  return { sent }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a push is shown as it says, and stays when it is to stay', async () => {
  const { scope, push } = createBrowser()
  await push(JSON.stringify(message))

  expect(scope.registration.showNotification).toHaveBeenCalledExactlyOnceWith('Core switch down', {
    body: 'Acme Networks',
    tag: 'n1',
    renotify: true,
    requireInteraction: true,
    silent: false,
    data: { path: '/inbox/n1' },
  })
})

test.each(['', 'not JSON', 'null', '[]', '{"title":7,"persistent":"yes"}'])(
  'a push that cannot be read, %j, is shown all the same',
  async (text) => {
    const { scope, push } = createBrowser()
    await push(text)

    expect(scope.registration.showNotification).toHaveBeenCalledExactlyOnceWith('Lanyard', {
      body: '',
      requireInteraction: false,
      silent: false,
      data: { path: '/' },
    })
  },
)

test.each([
  ['a page in sight plays the sound, and the notification is silent', true, 'visible', true],
  ['a page that may not play leaves the sound to the notification', false, 'visible', false],
  ['a page out of sight is not asked', true, 'hidden', false],
])('%s', async (_case, answers, visibilityState, silent) => {
  const page = openPage(answers, { focused: false, visibilityState })
  const { scope, push } = createBrowser([page])
  await push(JSON.stringify(message))

  expect(page.asked).toEqual(visibilityState === 'visible' ? [{ ask: 'play-sound', sound: 'siren' }] : [])
  expect(scope.registration.showNotification).toHaveBeenCalledExactlyOnceWith(
    'Core switch down',
    expect.objectContaining({ silent }),
  )
})

test('a click leads the page one was looking at to the message, and opens no other', async () => {
  const hidden = openPage(true, { focused: false, visibilityState: 'hidden' })
  const seen = openPage(true)
  const { scope, click } = createBrowser([hidden, seen])
  await click({ path: '/inbox/n1' })

  expect(seen.focus).toHaveBeenCalled()
  expect([seen.asked, hidden.asked]).toEqual([[{ ask: 'open', path: '/inbox/n1' }], []])
  expect(scope.clients.openWindow).not.toHaveBeenCalled()
})

test.each([
  ['no page is open', []],
  ['the open page does not answer', [openPage(false)]],
])('a click opens a page when %s', async (_case, pages) => {
  const { scope, click } = createBrowser(pages)
  await click({ path: '/inbox/n1' })
  expect(scope.clients.openWindow).toHaveBeenCalledExactlyOnceWith('/inbox/n1')
})

test.each([
  'https://elsewhere.example.com/',
  '//elsewhere.example.com',
  'javascript:alert(1)',
  'http://[',
  7,
])('a click leads to no other site: %s', async (path) => {
  const { scope, click } = createBrowser()
  await click({ path })
  expect(scope.clients.openWindow).toHaveBeenCalledExactlyOnceWith('/')
})

test('an address that the browser changed is registered again, with the key of the old one', async () => {
  const { sent } = createOutside({
    RegisterPushDevice: { registerPushDevice: { pushDevice: { id: 'd2' } } },
  })
  const { scope, happen } = createBrowser()
  const applicationServerKey = new Uint8Array([4, 1])
  await happen('pushsubscriptionchange', {
    newSubscription: null,
    oldSubscription: { options: { applicationServerKey } },
  })

  expect(scope.registration.pushManager.subscribe).toHaveBeenCalledExactlyOnceWith({
    userVisibleOnly: true,
    applicationServerKey,
  })
  const input = { endpoint: 'https://push.example.com/new', p256dh: 'public', auth: 'secret' }
  expect(sent).toEqual([{ operationName: 'RegisterPushDevice', variables: { input } }])
  expect(await readThisDevice()).toBe('d2')
})

test('an old address that the browser no longer knows is no hindrance: the server gives the key', async () => {
  const { sent } = createOutside({
    PushPublicKey: { pushPublicKey: 'BKey' },
    RegisterPushDevice: { registerPushDevice: { pushDevice: { id: 'd3' } } },
  })
  const { scope, happen } = createBrowser()
  await happen('pushsubscriptionchange', { newSubscription: null, oldSubscription: null })

  expect(scope.registration.pushManager.subscribe).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ applicationServerKey: 'BKey' }),
  )
  expect(sent.map(({ operationName }) => operationName)).toEqual(['PushPublicKey', 'RegisterPushDevice'])
  expect(await readThisDevice()).toBe('d3')
})

test('a newer worker takes over at once', async () => {
  const { scope, happen } = createBrowser()
  await happen('install', {})
  expect(scope.skipWaiting).toHaveBeenCalled()
})
