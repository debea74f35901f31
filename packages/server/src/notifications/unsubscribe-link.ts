import { timingSafeEqual } from 'node:crypto'

import { parse, stringify } from 'uuid'

import type { Signing } from '../link-signing.ts'
import { categoryOfEvent, kindOfEvent } from './event-catalogue.ts'
import { NotificationKind } from './notification.entity.ts'

/** Mail of one category about one account, to one person. */
export interface Subscription {
  userId: string
  accountUserId: string
  category: string
}

const idBytes = 16
const signatureBytes = 16
const purpose = 'unsubscribe'

/**
 * Where mail about an event is ended (RFC 8058). The link outlives what it stands in, and works without signing in.
 * @returns undefined for alerts, which are not ended by a click in a mail
 */
export function unsubscribeUrlOf(
  signing: Signing,
  publicUrl: URL,
  event: { userId: string; accountUserId: string; eventType: string },
): string | undefined {
  const { userId, accountUserId, eventType } = event
  const category = categoryOfEvent(eventType)
  if (category === undefined || kindOfEvent(eventType) === NotificationKind.ALERT) return undefined
  const id = unsubscribeIdOf(signing, { userId, accountUserId, category })
  return new URL(`/unsubscribe/${id}`, publicUrl).href
}

export function unsubscribeIdOf(signing: Signing, subscription: Subscription): string {
  const { userId, accountUserId, category } = subscription
  const named = Buffer.concat([parse(userId), parse(accountUserId), Buffer.from(category)])
  return Buffer.concat([shorten(signing.sign(purpose, named.toString('hex'))), named]).toString('base64url')
}

/** @returns undefined for what we did not make */
export function readUnsubscribeId(signing: Signing, id: string): Subscription | undefined {
  const bytes = Buffer.from(id, 'base64url')
  const given = bytes.subarray(0, signatureBytes)
  const named = bytes.subarray(signatureBytes)
  if (named.length <= 2 * idBytes || bytes.toString('base64url') !== id) return undefined
  const isOurs = signing
    .signatures(purpose, named.toString('hex'))
    .some((signature) => timingSafeEqual(shorten(signature), given))
  if (!isOurs) return undefined
  return {
    userId: stringify(named.subarray(0, idBytes)),
    accountUserId: stringify(named.subarray(idBytes, 2 * idBytes)),
    category: named.subarray(2 * idBytes).toString('utf8'),
  }
}

function shorten(signature: Buffer): Buffer {
  return signature.subarray(0, signatureBytes)
}
