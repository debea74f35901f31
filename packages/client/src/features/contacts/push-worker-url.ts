/** What is used here of Trusted Types, which TypeScript's description of the platform lacks. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL: (given: string) => string }
}

const address = '/push-worker.js'

declare global {
  /** Absent in browsers that do not have them yet. */
  var trustedTypes: TrustedTypes | undefined
}

/** The one policy that the server's header allows. Whatever it is given, it answers with the worker's address. */
const policy = globalThis.trustedTypes?.createPolicy('push-worker', { createScriptURL: () => address })

/** For `navigator.serviceWorker.register`, which takes no plain text under the policy of the page. */
export const pushWorkerUrl = policy?.createScriptURL(address) ?? address
