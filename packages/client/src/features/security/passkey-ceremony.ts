import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  WebAuthnAbortService,
  WebAuthnError,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'

/** What became of asking the browser for a passkey. */
export type CeremonyOutcome =
  | { status: 'done'; response: Record<string, unknown> }
  /** The person closed the window of the browser, or it waited too long: nothing went wrong. */
  | { status: 'cancelled' }
  /** The device or key has a passkey of this person already. */
  | { status: 'known' }
  | { status: 'failed' }

/** Lets the browser make a passkey. @param options of the server, as they are */
export function createPasskey(options: Record<string, unknown>): Promise<CeremonyOutcome> {
  // The server speaks WebAuthn's own JSON, which GraphQL does not describe.
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON
  return outcomeOf(startRegistration({ optionsJSON }))
}

/** Lets the browser use one that there is. @param options of the server, as they are */
export function provePasskey(options: Record<string, unknown>): Promise<CeremonyOutcome> {
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
  return outcomeOf(startAuthentication({ optionsJSON }))
}

/**
 * Lets the browser offer the passkeys that there are where it fills in the username, and waits until one is chosen.
 * Asking for a passkey outright ends the offer, as does `endOffer`.
 */
export function offerPasskeys(options: Record<string, unknown>): Promise<CeremonyOutcome> {
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
  return outcomeOf(startAuthentication({ optionsJSON, useBrowserAutofill: true }))
}

export function endOffer(): void {
  WebAuthnAbortService.cancelCeremony()
}

async function outcomeOf(ceremony: Promise<object>): Promise<CeremonyOutcome> {
  try {
    return { status: 'done', response: { ...(await ceremony) } }
  } catch (problem) {
    const code = problem instanceof WebAuthnError ? problem.code : undefined
    if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') return { status: 'known' }
    const name = problem instanceof Error ? problem.name : undefined
    const isCancelled =
      name === 'NotAllowedError' || name === 'AbortError' || code === 'ERROR_CEREMONY_ABORTED'
    return { status: isCancelled ? 'cancelled' : 'failed' }
  }
}
