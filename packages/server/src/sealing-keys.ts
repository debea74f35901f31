import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

const version = 1
const keyIdBytes = 4
const nonceBytes = 12
const tagBytes = 16

interface Key {
  id: Buffer
  sealing: KeyObject
  /** Made once: making one of bytes for each signature takes four times as long as the signature. */
  signing: KeyObject
}

/**
 * Seals what must be read again (AES-256-GCM) and signs what must not be made up (HMAC-SHA-256). The first key seals
 * and signs; the others open and check what was made before it became the first.
 */
export class SealingKeys {
  readonly #keys: readonly [Key, ...Key[]]

  /** @param texts at least one, of 32 random bytes or more each, however they are written down */
  constructor(texts: readonly [string, ...string[]]) {
    const [first, ...others] = texts
    this.#keys = [deriveKey(first), ...others.map(deriveKey)]
  }

  /** What everything begins with that the first key seals. */
  get prefix(): Buffer {
    return Buffer.from([version, ...this.#keys[0].id])
  }

  /** @param binding where it is kept, as `push_device:<id>`: it opens nowhere else */
  seal(plain: string, binding: string): Buffer {
    const { sealing } = this.#keys[0]
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(binding))
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    return Buffer.concat([this.prefix, nonce, cipher.getAuthTag(), sealed])
  }

  /** Whether it was sealed with one of our keys. */
  knows(sealed: Buffer): boolean {
    const id = sealed.subarray(1, 1 + keyIdBytes)
    return sealed[0] === version && this.#keys.some((key) => key.id.equals(id))
  }

  /** @throws Error for what was sealed with a key we do not have, for another place, or was changed */
  open(sealed: Buffer, binding: string): string {
    const id = sealed.subarray(1, 1 + keyIdBytes)
    const key = this.#keys.find((candidate) => candidate.id.equals(id))
    if (sealed[0] !== version || !key) throw new Error('it was sealed with a key that SECRET_KEYS lacks')
    const nonceEnd = 1 + keyIdBytes + nonceBytes
    const tagEnd = nonceEnd + tagBytes
    const decipher = createDecipheriv('aes-256-gcm', key.sealing, sealed.subarray(1 + keyIdBytes, nonceEnd))
      .setAAD(Buffer.from(binding))
      .setAuthTag(sealed.subarray(nonceEnd, tagEnd))
    return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString('utf8')
  }

  /** With the first key. @param purpose keeps a signature for one thing from serving another */
  sign(purpose: string, text: string): Buffer {
    return signatureOf(this.#keys[0], purpose, text)
  }

  /** With each key, the newest first: one of them made it, or none did. */
  signatures(purpose: string, text: string): Buffer[] {
    return this.#keys.map((key) => signatureOf(key, purpose, text))
  }
}

export function newSealingKey(): string {
  return randomBytes(32).toString('base64url')
}

function deriveKey(text: string): Key {
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', text, '', `lanyard ${info}`, 32))
  const id = createHash('sha256').update(derive('name')).digest().subarray(0, keyIdBytes)
  const key = (info: string) => createSecretKey(derive(info))
  return { id, sealing: key('sealing'), signing: key('signing') }
}

function signatureOf({ signing }: Key, purpose: string, text: string): Buffer {
  return createHmac('sha256', signing).update(`${purpose}\0${text}`).digest()
}
