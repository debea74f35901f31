import type { ApolloClient } from '@apollo/client'
import { StartPasskeyRegistrationDocument } from '../../graphql/generated.ts'

/** As the creation options of WebAuthn name them. */
interface Options {
  rp?: { id?: string }
  user?: { id?: string }
  excludeCredentials?: { id: string }[]
}

/** A part of the platform that some browsers have. Source: WebAuthn Level 3, signalAllAcceptedCredentials. */
interface Signalling {
  signalAllAcceptedCredentials?: (known: {
    rpId: string
    userId: string
    allAcceptedCredentialIds: string[]
  }) => Promise<void>
}

/**
 * Tells the browser which passkeys are left, so that it no longer offers one that was removed. The options for a new
 * passkey say it: for whom, and which there are.
 */
export async function signalPasskeys(client: ApolloClient): Promise<void> {
  const credential = globalThis.PublicKeyCredential as Signalling | undefined
  if (typeof credential?.signalAllAcceptedCredentials !== 'function') return
  const { data } = await client.mutate({
    mutation: StartPasskeyRegistrationDocument,
    fetchPolicy: 'no-cache',
  })
  // The server speaks WebAuthn's own JSON, which GraphQL does not describe.
  const { rp, user, excludeCredentials = [] } = (data?.startPasskeyRegistration.options ?? {}) as Options
  if (!rp?.id || !user?.id) return
  await credential.signalAllAcceptedCredentials({
    rpId: rp.id,
    userId: user.id,
    allAcceptedCredentialIds: excludeCredentials.map(({ id }) => id),
  })
}
