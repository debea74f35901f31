import { createHash, ECDH } from 'node:crypto'
import { isIP } from 'node:net'

import type { Config } from '../config.ts'
import { badInput } from '../errors/app-error.ts'

/** What a browser gives out for pushes to it, as `PushSubscription.toJSON` writes it. */
export interface PushSubscription {
  endpoint: string
  p256dh: string
  auth: string
}

const mostEndpointCharacters = 1000
/** An uncompressed point of P-256, and the secret beside it. Source: RFC 8291, 2. */
const p256dhBytes = 65
const authBytes = 16

type HostRules = Pick<Config, 'pushHosts' | 'allowedOutboundHosts'>

/**
 * A subscription that the server may and can send to. Who sends looks again, at the address behind the name; what is
 * refused here would only ever fail. Source: S-O1.
 * @throws AppError BAD_USER_INPUT with the field at fault
 */
export function checkPushSubscription(given: PushSubscription, hosts: HostRules): PushSubscription {
  const endpoint = checkEndpoint(given.endpoint, hosts)
  const p256dh = checkBytes(given.p256dh, 'p256dh', p256dhBytes)
  const auth = checkBytes(given.auth, 'auth', authBytes)
  if (!isPointOfP256(p256dh)) throw badInput('p256dh', 'FORMAT')
  return { endpoint, p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url') }
}

/** One browser, whoever is signed in there. */
export function hashOfEndpoint(endpoint: string): Buffer {
  return createHash('sha256').update(endpoint).digest()
}

function checkEndpoint(text: string, { pushHosts, allowedOutboundHosts }: HostRules): string {
  if (text.length > mostEndpointCharacters) throw badInput('endpoint', 'TOO_LONG')
  const url = URL.parse(text)
  if (!url || url.username || url.password || url.hash) throw badInput('endpoint', 'FORMAT')
  // Some are longer as WHATWG writes them.
  if (url.href.length > mostEndpointCharacters) throw badInput('endpoint', 'TOO_LONG')

  const isHttp = url.protocol === 'https:' || url.protocol === 'http:'
  const isAllowed = allowedOutboundHosts.includes(url.hostname) || allowedOutboundHosts.includes(url.host)
  if (isHttp && isAllowed) return url.href
  if (url.protocol !== 'https:' || url.port !== '' || !isPublicName(url.hostname)) {
    throw badInput('endpoint', 'FORMAT')
  }
  if (!isPushHost(url.hostname, pushHosts)) throw badInput('endpoint', 'UNKNOWN')
  return url.href
}

/** No push service is called by its address, or by a name of one label. */
function isPublicName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '')
  return isIP(name) === 0 && !name.startsWith('[') && name.includes('.')
}

function isPushHost(hostname: string, pushHosts: readonly string[]): boolean {
  return (
    pushHosts.length === 0 || pushHosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))
  )
}

function checkBytes(text: string, field: string, length: number): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  // Node skips what is not base64url, so the text must be what the bytes are written as.
  const isWhole = bytes.toString('base64url') === text.replace(/=+$/, '')
  if (!isWhole || bytes.length !== length) throw badInput(field, 'FORMAT')
  return bytes
}

function isPointOfP256(bytes: Buffer): boolean {
  try {
    ECDH.convertKey(bytes, 'prime256v1', undefined, undefined, 'uncompressed')
    return true
  } catch {
    return false
  }
}
