import { vi } from 'vitest'

/** What a passkey answers, as the browser hands it to the page. */
export const passkeyAnswer = {
  id: 'AQID',
  rawId: new Uint8Array([1, 2, 3]).buffer,
  type: 'public-key',
  response: {
    authenticatorData: new Uint8Array([4]).buffer,
    clientDataJSON: new Uint8Array([5]).buffer,
    signature: new Uint8Array([6]).buffer,
  },
  getClientExtensionResults: () => ({}),
}

/** The person closes the window of the browser. */
export const windowClosed = () => Promise.reject(new DOMException('Closed', 'NotAllowedError'))

/** What options of the server lead to a question. */
export const passkeyOptions = { challenge: 'AAAA', rpId: 'localhost' }

interface PasskeysDouble {
  /** How the person answers when asked outright, one after the other. */
  answers?: (() => Promise<object>)[]
  /** What they choose where the browser fills in the username; without it the browser offers nothing there. */
  offered?: () => Promise<object>
}

/**
 * Gives this browser passkeys, which jsdom does not have. Take them away by `removePasskeys`.
 * @returns what it was asked, in order
 */
export function createPasskeys({ answers = [], offered }: PasskeysDouble): CredentialRequestOptions[] {
  const asked: CredentialRequestOptions[] = []
  const isConditionalMediationAvailable = async () => offered !== undefined
  vi.stubGlobal(
    'PublicKeyCredential',
    Object.assign(function PublicKeyCredential() {}, { isConditionalMediationAvailable }),
  )
  Object.defineProperty(navigator, 'credentials', {
    configurable: true,
    value: {
      get: (options: CredentialRequestOptions) => {
        asked.push(options)
        const answer = options.mediation === 'conditional' ? offered : answers.shift()
        return answer ? answer() : new Promise(() => {})
      },
    },
  })
  return asked
}

export function removePasskeys(): void {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'credentials')
}
