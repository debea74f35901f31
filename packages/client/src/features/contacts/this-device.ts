const cacheName = 'lanyard-this-device'
const key = '/push-device-id'

/**
 * Which of the person's devices this browser is. Kept in the one storage that page and push worker share, because the
 * subscription, which would tell too, is nothing the server gives away.
 */
export async function readThisDevice(): Promise<string | undefined> {
  if (!('caches' in globalThis)) return undefined
  const stored = await (await caches.open(cacheName)).match(key)
  return stored?.text()
}

export async function writeThisDevice(id: string): Promise<void> {
  await (await caches.open(cacheName)).put(key, new Response(id))
}

export async function forgetThisDevice(): Promise<void> {
  await caches.delete(cacheName)
}
