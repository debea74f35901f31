import { documentIdOf } from '../src/app/document-id.ts'
import { writeThisDevice } from '../src/features/contacts/this-device.ts'

/**
 * The browser has given the device another address. It is told to the server at once, as the person who is signed in
 * here; when nobody is, the next push to the old address removes the device, and the page offers to register it again.
 */
export async function renewSubscription(
  scope: ServiceWorkerGlobalScope,
  { newSubscription, oldSubscription }: PushSubscriptionChangeEvent,
): Promise<void> {
  const subscription = newSubscription ?? (await subscribeAgain(scope, oldSubscription))
  const { endpoint, keys } = subscription.toJSON()
  const input = { endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'] }
  const { registerPushDevice } = await send('RegisterPushDevice', { input })
  const id: unknown = registerPushDevice?.pushDevice?.id
  if (typeof id === 'string') await writeThisDevice(id)
}

async function subscribeAgain(
  scope: ServiceWorkerGlobalScope,
  old: PushSubscription | null,
): Promise<PushSubscription> {
  const applicationServerKey =
    old?.options.applicationServerKey ?? (await send('PushPublicKey', {})).pushPublicKey
  if (!applicationServerKey) throw new Error('The server gave no key to subscribe with.')
  return scope.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
}

/** The fields of the two documents that are sent from here. */
interface Answer {
  pushPublicKey?: string
  registerPushDevice?: { pushDevice?: { id?: unknown } } | null
}

async function send(operationName: string, variables: object): Promise<Answer> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
    },
    credentials: 'same-origin',
    body: JSON.stringify({ documentId: documentIdOf(operationName), variables }),
  })
  const { data }: { data?: Answer | null } = await response.json()
  return data ?? {}
}
