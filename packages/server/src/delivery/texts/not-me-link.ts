import { timingSafeEqual } from 'node:crypto'

import { parse, stringify } from 'uuid'

import type { Signing } from '../../link-signing.ts'
import type { DeliveryKey } from '../delivery-reference.ts'

const purpose = 'not-me'
const idBytes = 16
const signatureBytes = 16
const length = Math.ceil(((2 * idBytes + signatureBytes) * 4) / 3)

/** The last part of the link "It wasn't me" in a message, which names its delivery. Nothing else of ours is one. */
export function notMeReferenceOf(signing: Signing, { userId, deliveryId }: DeliveryKey): string {
  const ids = Buffer.concat([parse(userId), parse(deliveryId)])
  return Buffer.concat([ids, signatureOf(signing.sign(purpose, ids.toString('hex')))]).toString('base64url')
}

/** @returns undefined for what we did not make */
export function readNotMeReference(signing: Signing, text: string): DeliveryKey | undefined {
  const bytes = Buffer.from(text, 'base64url')
  if (text.length !== length || bytes.toString('base64url') !== text) return undefined
  const ids = bytes.subarray(0, 2 * idBytes)
  const given = bytes.subarray(2 * idBytes)
  const isOurs = signing
    .signatures(purpose, ids.toString('hex'))
    .some((signature) => timingSafeEqual(signatureOf(signature), given))
  if (!isOurs) return undefined
  return { userId: stringify(ids.subarray(0, idBytes)), deliveryId: stringify(ids.subarray(idBytes)) }
}

function signatureOf(signature: Buffer): Buffer {
  return signature.subarray(0, signatureBytes)
}
