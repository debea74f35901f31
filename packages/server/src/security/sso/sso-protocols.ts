import { oidc } from './oidc.ts'
import { samlProtocol } from './saml-protocol.ts'
import { SsoProtocol } from './sso-connection.entity.ts'
import type { SignOnProtocol } from './sso-protocol.ts'

/** Every way to ask a provider; a new one is a file and a line here. */
export const signOnProtocols: Readonly<Record<SsoProtocol, SignOnProtocol>> = {
  [SsoProtocol.OIDC]: oidc,
  [SsoProtocol.SAML]: samlProtocol,
}
