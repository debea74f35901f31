import { createECDH, randomBytes, randomUUID } from 'node:crypto'

import type { PushSubscription } from '../src/contacts/push-subscription.ts'

/** What a browser would give out, of keys that nobody keeps. */
export function newSubscription(
  endpoint = `https://push.example.com/send/${randomUUID()}`,
): PushSubscription & Record<string, unknown> {
  const p256dh = createECDH('prime256v1').generateKeys('base64url')
  return { endpoint, p256dh, auth: randomBytes(16).toString('base64url') }
}
