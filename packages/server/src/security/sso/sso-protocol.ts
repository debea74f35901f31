import type { Context } from '../../context.ts'
import { AppError } from '../../errors/app-error.ts'
import type { SsoConnection, SsoSettings } from './sso-connection.entity.ts'

export type SsoContext = Pick<Context, 'em' | 'clock' | 'config' | 'http' | 'sealing'>

/** Whom an identity provider says it has before it, once that has been proven to come from it. */
export interface VouchedIdentity {
  issuer: string
  /** Never empty, at most 500 characters, as is `issuer`. */
  subject: string
  email: string | null
  /** Whether the provider says that it proved the email. A word of its own about other people's addresses: it never makes anybody theirs. */
  emailVerified: boolean
  name: string | null
  /** What single logout names the person by. */
  nameId: string | null
  sessionIndex: string | null
  /** When the person last proved to the provider who they are; null when it does not say. */
  authenticatedAt: Date | null
}

/** An answer of a provider that is not trusted. What is wrong with it is for the log and for who tries a connection. */
export class UntrustedAnswer extends AppError {
  constructor(readonly detail: string) {
    super('SSO_REFUSED')
  }
}

/** What an administrator types about a provider; null what they do not, or leave as it is. */
export interface SsoSettingsInput {
  issuer: string | null
  clientId: string | null
  clientSecret: string | null
  metadataUrl: string | null
  metadataXml: string | null
  allowIdpInitiated: boolean | null
}

export interface ConfiguredSettings {
  settings: SsoSettings
  /** Sealed, with `bindingOfClientSecret`. */
  clientSecret: Buffer | null
}

/** What a browser is sent to a provider for. */
export interface SsoErrand {
  /** 43 characters that the provider hands back: OIDC's state, SAML's RelayState. Kept as a hash. */
  state: string
  /** Whether the person has to prove anew who they are. */
  forceLogin: boolean
}

/** One way to ask an identity provider who somebody is. What it answers comes in by a route of the protocol's own. */
export interface SignOnProtocol {
  /**
   * Looks at what was typed, asking the provider where it must.
   * @param former the connection that is changed; null for a new one
   * @throws AppError BAD_USER_INPUT; SSO_SETTINGS_WRONG with the field at fault
   */
  configure(
    ctx: SsoContext,
    connectionId: string,
    input: SsoSettingsInput,
    former: SsoConnection | null,
  ): Promise<ConfiguredSettings>

  /**
   * Where the browser goes, and what has to be remembered until it comes back: sealed in the request's row.
   * @throws AppError SSO_UNAVAILABLE
   */
  begin(
    ctx: SsoContext,
    connection: SsoConnection,
    errand: SsoErrand,
  ): Promise<{ url: string; details: Record<string, string> }>

  /**
   * Where a browser goes to sign out of the provider as well; null when it offers nothing of the kind. Nobody who signs
   * out waits for a provider: what the settings say must do.
   * @param person what the provider named them and their session by
   */
  logoutUrl(
    ctx: SsoContext,
    connection: SsoConnection,
    person: Pick<VouchedIdentity, 'nameId' | 'sessionIndex'>,
  ): string | null
}

/** Where things of a connection are; absolute, as providers are told them. */
export function ssoUrls(publicUrl: URL, connectionId: string) {
  const at = (path: string) => new URL(path, publicUrl).href
  return {
    oidcCallback: at('/sso/oidc/callback'),
    samlAcs: at(`/sso/saml/${connectionId}/acs`),
    samlMetadata: at(`/sso/saml/${connectionId}/metadata`),
    samlLogout: at(`/sso/saml/${connectionId}/logout`),
  }
}
