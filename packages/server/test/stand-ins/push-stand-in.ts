import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
  type ECDH,
} from 'node:crypto'

import { HttpStandIn, type PlainAnswer, type ReceivedRequest } from './http-stand-in.ts'

export interface ReceivedPush {
  subscriptionId: string
  payload: Record<string, unknown>
  headers: ReceivedRequest['headers']
  /** Of the encryption, in base64url: never the same twice. */
  salt: string
  /** Of the body as it came. */
  bytes: number
  claims: { aud: string; exp: number; sub: string }
  /** The key that signed, in base64url. */
  vapidPublicKey: string
}

export interface PushSubscriptionData {
  id: string
  endpoint: string
  p256dh: string
  auth: string
}

interface Receiver {
  keys: ECDH
  auth: Buffer
}

/** A push service and the browser behind it: checks who sends (RFC 8292) and reads what is sent (RFC 8291). */
export class PushStandIn extends HttpStandIn {
  readonly pushes: ReceivedPush[] = []
  readonly #receivers = new Map<string, Receiver>()

  static listen(): Promise<PushStandIn> {
    return new PushStandIn().listen()
  }

  private constructor() {
    super()
  }

  /** What a browser gives to its page. */
  subscribe(): PushSubscriptionData {
    const keys = createECDH('prime256v1')
    keys.generateKeys()
    const auth = randomBytes(16)
    const id = randomBytes(24).toString('base64url')
    this.#receivers.set(id, { keys, auth })
    return {
      id,
      endpoint: `${this.url}/push/${id}`,
      p256dh: keys.getPublicKey('base64url'),
      auth: auth.toString('base64url'),
    }
  }

  /** The browser is gone: 410 from now on. */
  unsubscribe(id: string): void {
    this.#receivers.delete(id)
  }

  protected accept(request: ReceivedRequest): PlainAnswer {
    const subscriptionId = request.path.replace('/push/', '')
    const receiver = this.#receivers.get(subscriptionId)
    if (!receiver) return { status: 410 }
    if (request.body.length > 4096) return { status: 413 }
    const voucher = checkVapid(request.headers.authorization)
    if (!voucher || voucher.claims.aud !== this.url) return { status: 403 }
    if (request.headers['content-encoding'] !== 'aes128gcm' || !request.headers['ttl'])
      return { status: 400 }
    this.pushes.push({
      subscriptionId,
      payload: JSON.parse(decrypt(request.body, receiver).toString('utf8')) as Record<string, unknown>,
      headers: request.headers,
      salt: request.body.subarray(0, 16).toString('base64url'),
      bytes: request.body.length,
      ...voucher,
    })
    const location = `${this.url}/messages/${randomBytes(8).toString('hex')}`
    return { status: 201, headers: { location } }
  }
}

/** @returns undefined when the signature does not hold, or does not hold any more */
function checkVapid(authorization = ''): Pick<ReceivedPush, 'claims' | 'vapidPublicKey'> | undefined {
  const { token, key } = /^vapid t=(?<token>[^,\s]+), ?k=(?<key>[\w-]+)$/i.exec(authorization)?.groups ?? {}
  const [head, body, signature] = token?.split('.') ?? []
  if (!head || !body || !signature || !key) return undefined
  const point = Buffer.from(key, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as ReceivedPush['claims']
  const now = Date.now() / 1000
  const isInTime = claims.exp > now && claims.exp <= now + 86_400
  return isSigned && isInTime && claims.sub ? { claims, vapidPublicKey: key } : undefined
}

/** RFC 8291, 3.4 and RFC 8188: one record. */
function decrypt(body: Buffer, { keys, auth }: Receiver): Buffer {
  const salt = body.subarray(0, 16)
  const keyLength = body.readUInt8(20)
  const senderKey = body.subarray(21, 21 + keyLength)
  const sealed = body.subarray(21 + keyLength)
  const secret = keys.computeSecret(senderKey)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), senderKey])
  const ikm = Buffer.from(hkdfSync('sha256', secret, auth, info, 32))
  const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12))
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16))
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  return padded.subarray(0, padded.lastIndexOf(2))
}
