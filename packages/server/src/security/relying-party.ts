import type { Config } from '../config.ts'
import { isLoopback, ownOrigins } from '../http/origins.ts'

/** Who a passkey is for, as WebAuthn names it. */
export interface RelyingParty {
  id: string
  name: string
  /** Pages that may ask for it. */
  origins: string[]
}

/**
 * The host of `PUBLIC_URL`. A passkey is bound to a name, and an address is none: on a loopback it is `localhost`, and
 * browsers refuse passkeys on a page that was opened as 127.0.0.1 or [::1].
 */
export function relyingPartyOf({ publicUrl }: Pick<Config, 'publicUrl'>): RelyingParty {
  const id = isLoopback(publicUrl) ? 'localhost' : publicUrl.hostname
  return { id, name: 'Lanyard', origins: [...ownOrigins(publicUrl)] }
}

/** What an authenticator keeps of a person: their id as bytes, which tells a stranger nothing. */
export function userHandleOf(userId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(userId.replaceAll('-', ''), 'hex'))
}
