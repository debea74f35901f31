import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits for a cookie, as text. */
export function newSecretKey(): string {
  return randomBytes(32).toString('base64url')
}

/** What the database keeps of a secret: enough to find it, useless to whoever reads it. */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
