import { askPage, pagesBySight } from './ask-page.ts'
import { notificationOptions, parsePushedMessage } from './pushed-message.ts'
import { renewSubscription } from './renew-subscription.ts'

/** The whole of the worker. It keeps nothing and answers no requests of pages: pushes are all it is for. */
export function listenForPushes(scope: ServiceWorkerGlobalScope): void {
  // A newer worker has nothing to wait for: no page depends on the older one.
  scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()))
  scope.addEventListener('push', (event) => event.waitUntil(showPush(scope, event.data?.text())))
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close()
    event.waitUntil(openPage(scope, event.notification.data))
  })
  scope.addEventListener('pushsubscriptionchange', (event) =>
    event.waitUntil(renewSubscription(scope, event)),
  )
}

async function showPush(scope: ServiceWorkerGlobalScope, text: string | undefined): Promise<void> {
  const message = parsePushedMessage(text)
  const [page] = await pagesBySight(scope)
  const played =
    page?.visibilityState === 'visible' &&
    (await askPage(page, { ask: 'play-sound', sound: message.sound }))
  await scope.registration.showNotification(message.title, notificationOptions(message, played))
}

/** Leads to what the push is about: in a page that is open, for what is typed there is kept; else in a new one. */
async function openPage(scope: ServiceWorkerGlobalScope, data: unknown): Promise<void> {
  const path = pathIn(data, scope.location.origin)
  const [page] = await pagesBySight(scope)
  if (page) {
    // Before anything else is waited for: the click's permission to focus does not last.
    await page.focus().catch(() => undefined)
    if (await askPage(page, { ask: 'open', path })) return
  }
  await scope.clients.openWindow(path)
}

/** Never another site, whatever the message said. */
function pathIn(data: unknown, origin: string): string {
  const path =
    typeof data === 'object' && data !== null && 'path' in data && typeof data.path === 'string'
      ? data.path
      : '/'
  if (!URL.canParse(path, origin)) return '/'
  const url = new URL(path, origin)
  return url.origin === origin ? url.pathname + url.search + url.hash : '/'
}
