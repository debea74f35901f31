/** Whether this browser can use passkeys, on this address: a page over plain http to elsewhere cannot. */
export function supportsPasskeys(): boolean {
  return typeof globalThis.PublicKeyCredential === 'function'
}
