/** Whether this browser can use passkeys, on this address: a page over plain http to elsewhere cannot. */
export function supportsPasskeys(): boolean {
  return typeof globalThis.PublicKeyCredential === 'function'
}

/** Whether it can offer passkeys where it fills in a username. */
export async function offersPasskeys(): Promise<boolean> {
  return supportsPasskeys() && ((await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false)
}
