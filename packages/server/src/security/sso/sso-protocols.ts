import { badInput } from '../../errors/app-error.ts'
import { oidc } from './oidc.ts'
import { SsoProtocol } from './sso-connection.entity.ts'
import type { SignOnProtocol } from './sso-protocol.ts'

/** Every way to ask a provider; a new one is a file and a line here. */
const protocols: Partial<Record<SsoProtocol, SignOnProtocol>> = {
  [SsoProtocol.OIDC]: oidc,
}

/** @throws AppError BAD_USER_INPUT for one that this server does not speak */
export function requireProtocol(protocol: SsoProtocol): SignOnProtocol {
  const found = protocols[protocol]
  if (!found) throw badInput('protocol', 'UNKNOWN')
  return found
}
