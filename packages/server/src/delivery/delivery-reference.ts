import { timingSafeEqual } from 'node:crypto'

import { parse, stringify } from 'uuid'

import type { SealingKeys } from '../sealing-keys.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const idBytes = 16
const signatureBytes = 5
const pattern = /^[a-z2-7]{60}$/

export interface DeliveryKey {
  userId: string
  deliveryId: string
}

/**
 * Names a delivery to carriers: 60 letters and digits in one case, as mail servers may change it, which leaves four
 * of the 64 that a mailbox name may have (RFC 5321, 4.5.3.1.1). The last eight sign it.
 */
export function referenceOf(keys: SealingKeys, { userId, deliveryId }: DeliveryKey): string {
  const ids = Buffer.concat([parse(userId), parse(deliveryId)])
  return base32(Buffer.concat([ids, shorten(keys.sign('delivery', ids.toString('hex')))]))
}

/** @returns undefined for what we did not make */
export function readReference(keys: SealingKeys, text: string): DeliveryKey | undefined {
  const reference = text.toLowerCase()
  if (!pattern.test(reference)) return undefined
  const bytes = fromBase32(reference)
  const ids = bytes.subarray(0, 2 * idBytes)
  const given = bytes.subarray(2 * idBytes)
  const isOurs = keys
    .signatures('delivery', ids.toString('hex'))
    .some((signature) => timingSafeEqual(shorten(signature), given))
  if (!isOurs) return undefined
  return { userId: stringify(ids.subarray(0, idBytes)), deliveryId: stringify(ids.subarray(idBytes)) }
}

function shorten(signature: Buffer): Buffer {
  return signature.subarray(0, signatureBytes)
}

/** RFC 4648 without padding; 37 bytes are 296 bits, the last letter carries one of them. */
function base32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(value >> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of text) {
    value = (value << 5) | alphabet.indexOf(letter)
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((value >> bits) & 255)
      value &= (1 << bits) - 1
    }
  }
  return Buffer.from(bytes)
}
