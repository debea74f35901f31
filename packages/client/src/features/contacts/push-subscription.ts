import { pushWorkerUrl } from './push-worker-url.ts'
import { forgetThisDevice, readThisDevice } from './this-device.ts'

/** Why this browser cannot be registered as it is. */
export type PushHindrance =
  /** A page that came over plain http may not. */
  | 'INSECURE'
  | 'UNSUPPORTED'
  /** The person, or who looks after the browser, does not allow notifications from here. */
  | 'DENIED'
  /** The browser asked and got no answer. */
  | 'UNANSWERED'
  | 'NO_WORKER'
  | 'NO_PUSH_SERVICE'

export class PushFailure extends Error {
  constructor(
    readonly hindrance: PushHindrance,
    options?: ErrorOptions,
  ) {
    super(`Pushes cannot be had here: ${hindrance}`, options)
  }
}

/** What can be told without asking anybody. */
export function pushHindrance(): PushHindrance | undefined {
  if (!globalThis.isSecureContext) return 'INSECURE'
  if (!('serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis)) {
    return 'UNSUPPORTED'
  }
  return Notification.permission === 'denied' ? 'DENIED' : undefined
}

/**
 * Asks for the permission, if it is still to be asked for. Browsers let a page ask only while it answers a click.
 * @throws PushFailure
 */
export async function askForPermission(): Promise<void> {
  const hindrance = pushHindrance()
  if (hindrance) throw new PushFailure(hindrance)
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') throw new PushFailure(permission === 'denied' ? 'DENIED' : 'UNANSWERED')
}

/**
 * Starts the worker and subscribes.
 * @param publicKey of the server, base64url
 * @throws PushFailure
 */
export async function subscribe(
  publicKey: string,
): Promise<{ endpoint: string; p256dh: string; auth: string }> {
  const { pushManager } = await startWorker()
  const subscription = await subscribeWith(pushManager, publicKey).catch((error: unknown) => {
    throw new PushFailure('NO_PUSH_SERVICE', { cause: error })
  })
  const { endpoint = '', keys = {} } = subscription.toJSON()
  return { endpoint, p256dh: keys['p256dh'] ?? '', auth: keys['auth'] ?? '' }
}

async function startWorker(): Promise<ServiceWorkerRegistration> {
  try {
    await navigator.serviceWorker.register(pushWorkerUrl)
    return await navigator.serviceWorker.ready
  } catch (error) {
    throw new PushFailure('NO_WORKER', { cause: error })
  }
}

/** A subscription to another key, as of a server that was set up anew, is in the way. */
async function subscribeWith(pushManager: PushManager, publicKey: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: publicKey }
  try {
    return await pushManager.subscribe(options)
  } catch (error) {
    const old = await pushManager.getSubscription()
    if (!old) throw error
    await old.unsubscribe()
    return pushManager.subscribe(options)
  }
}

/** The id of the device that this browser is, as long as it takes pushes. */
export async function findThisDevice(): Promise<string | undefined> {
  if (pushHindrance()) return undefined
  const subscription = await (
    await navigator.serviceWorker.getRegistration()
  )?.pushManager.getSubscription()
  return subscription ? readThisDevice() : undefined
}

/** After the server has removed it. */
export async function unsubscribe(): Promise<void> {
  await forgetThisDevice()
  const registration = await navigator.serviceWorker.getRegistration()
  await (await registration?.pushManager.getSubscription())?.unsubscribe()
}
