import { lengths } from '@lanyard/contract/limits'
import {
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  fetchUserInfo,
  type IDToken,
  randomNonce,
  randomPKCECodeVerifier,
  ResponseBodyError,
  type UserInfoResponse,
  WWWAuthenticateChallengeError,
} from 'openid-client'

import { AppError, badInput } from '../../errors/app-error.ts'
import { checkHttpUrl, checkText } from '../../lib/text-input.ts'
import {
  askMetadata,
  configurationOf,
  faultOfMetadata,
  findMetadata,
  isOfWeb,
  ProviderSilent,
} from './oidc-provider.ts'
import { bindingOfClientSecret, type OidcSettings, type SsoConnection } from './sso-connection.entity.ts'
import {
  type ConfiguredSettings,
  type SignOnProtocol,
  type SsoContext,
  type SsoErrand,
  type SsoSettingsInput,
  ssoUrls,
  UntrustedAnswer,
  type VouchedIdentity,
} from './sso-protocol.ts'

const longestSecret = 1000
/** What the columns take. */
const longestSubject = 500

/** OpenID Connect: code with PKCE, state and nonce; every ID token signed by a key of the issuer. Source: S-E2. */
export const oidc: SignOnProtocol = { configure, begin, logoutUrl }

async function configure(
  ctx: SsoContext,
  connectionId: string,
  input: SsoSettingsInput,
  former: SsoConnection | null,
): Promise<ConfiguredSettings> {
  for (const field of ['metadataUrl', 'metadataXml'] as const) {
    if (input[field] !== null) throw badInput(field, 'FORMAT')
  }
  const before = former ? settingsOf(former) : null
  const issuer = checkHttpUrl(input.issuer ?? before?.issuer ?? '', 'issuer', lengths.path)
  const clientId = checkText(input.clientId ?? before?.clientId ?? '', 'clientId', { max: 200 })
  const clientSecret =
    input.clientSecret === null && former?.clientSecret
      ? former.clientSecret
      : ctx.sealing.seal(
          checkText(input.clientSecret ?? '', 'clientSecret', { max: longestSecret }),
          bindingOfClientSecret(connectionId),
        )

  const metadata = await askMetadata(ctx, issuer).catch(() => {
    throw new AppError('SSO_SETTINGS_WRONG', { field: 'issuer' })
  })
  // A provider of many tenants calls itself after whichever it is asked by: not one issuer, so not one to trust.
  const isItself = URL.parse(metadata.issuer)?.href === issuer
  if (!isItself || faultOfMetadata(metadata) !== null) {
    throw new AppError('SSO_SETTINGS_WRONG', { field: 'issuer' })
  }
  const { end_session_endpoint: endOfSession } = metadata
  const logoutUrl = isOfWeb(endOfSession) ? (endOfSession ?? null) : null
  return { settings: { issuer: metadata.issuer, clientId, logoutUrl }, clientSecret }
}

async function begin(ctx: SsoContext, connection: SsoConnection, { state, forceLogin }: SsoErrand) {
  const config = await configurationFor(ctx, connection)
  const [nonce, verifier] = [randomNonce(), randomPKCECodeVerifier()]
  const url = buildAuthorizationUrl(config, {
    redirect_uri: ssoUrls(ctx.config.publicUrl, connection.id).oidcCallback,
    scope: 'openid profile email',
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(forceLogin ? { prompt: 'login', max_age: '0' } : {}),
  })
  return { url: url.href, details: { nonce, verifier } }
}

/** The provider asks the person, as it is shown no token of theirs: none is kept. Source: OpenID Connect RP-Initiated Logout 1.0. */
function logoutUrl(_ctx: SsoContext, connection: SsoConnection): string | null {
  const { clientId, logoutUrl: endOfSession } = settingsOf(connection)
  if (endOfSession === null) return null
  const url = new URL(endOfSession)
  url.searchParams.set('client_id', clientId)
  return url.href
}

/**
 * Whom the provider vouches for, after the browser came back with a code.
 * @param parameters of the callback's URL
 * @param details what `begin` gave to remember
 * @throws UntrustedAnswer, ProviderSilent
 */
export async function finishOidc(
  ctx: SsoContext,
  connection: SsoConnection,
  parameters: URLSearchParams,
  { state, details }: { state: string; details: Record<string, string> },
): Promise<VouchedIdentity> {
  const { clientId, issuer } = settingsOf(connection)
  const config = await configurationFor(ctx, connection)
  const { nonce = '', verifier = '' } = details
  const callback = new URL(ssoUrls(ctx.config.publicUrl, connection.id).oidcCallback)
  callback.search = parameters.toString()
  try {
    const tokens = await authorizationCodeGrant(config, callback, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (!claims) throw new UntrustedAnswer('there is no ID token')
    if (claims.iss !== issuer) throw new UntrustedAnswer('the ID token is of another issuer')
    if (claims['azp'] !== undefined && claims['azp'] !== clientId) {
      throw new UntrustedAnswer('the ID token was issued to another client')
    }
    return identityOf(claims, await askUserInfo(config, tokens.access_token, claims))
  } catch (error) {
    throw meaningOf(error)
  }
}

/** Providers put names and addresses into the ID token, or keep them for whoever asks with the access token. */
async function askUserInfo(
  config: Configuration,
  accessToken: string,
  claims: IDToken,
): Promise<Partial<UserInfoResponse>> {
  const isComplete = claims['email'] !== undefined && claims['name'] !== undefined
  if (isComplete || config.serverMetadata().userinfo_endpoint === undefined) return {}
  return fetchUserInfo(config, accessToken, claims.sub)
}

function identityOf(idToken: IDToken, userInfo: Partial<UserInfoResponse>): VouchedIdentity {
  const { sub: subject, iss: issuer, auth_time: authTime } = idToken
  if (subject.length === 0 || subject.length > longestSubject)
    throw new UntrustedAnswer('the subject is no id')
  const claims: Record<string, unknown> = { ...userInfo, ...idToken }
  const text = (name: string) => {
    const value = claims[name]
    return typeof value === 'string' && value.trim() !== '' ? value : null
  }
  return {
    issuer,
    subject,
    email: text('email'),
    emailVerified: claims['email_verified'] === true,
    name: text('name') ?? text('preferred_username'),
    nameId: null,
    sessionIndex: text('sid')?.slice(0, longestSubject) ?? null,
    authenticatedAt: authTime === undefined ? null : new Date(authTime * 1000),
  }
}

/** Anything that openid-client finds wrong is one refusal; the reason is kept for who looks after the connection. */
function meaningOf(error: unknown): unknown {
  if (error instanceof AppError) return error
  if (!(error instanceof Error)) return error
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const isPassing = error.error === 'temporarily_unavailable' || error.error === 'server_error'
    return isPassing ? new ProviderSilent(error.error) : new UntrustedAnswer(`it answered ${error.error}`)
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    return new UntrustedAnswer('it does not take the client id with this secret')
  }
  const cause: unknown = error.cause
  if (cause instanceof AppError) return cause
  return new UntrustedAnswer(cause instanceof Error ? cause.message : error.message)
}

/** @throws UntrustedAnswer, ProviderSilent */
async function configurationFor(ctx: SsoContext, connection: SsoConnection): Promise<Configuration> {
  const { issuer, clientId } = settingsOf(connection)
  const metadata = await findMetadata(ctx, issuer).catch((error: unknown) => {
    throw meaningOf(error)
  })
  // It said otherwise when the connection was set up.
  const fault = metadata.issuer === issuer ? faultOfMetadata(metadata) : 'it calls itself otherwise'
  if (fault !== null) throw new UntrustedAnswer(fault)
  if (!connection.clientSecret) throw new UntrustedAnswer('there is no client secret')
  const clientSecret = ctx.sealing.open(connection.clientSecret, bindingOfClientSecret(connection.id))
  return configurationOf(ctx, metadata, { clientId, clientSecret })
}

function settingsOf({ settings }: SsoConnection): OidcSettings {
  // A connection of this protocol holds settings of this protocol: `configure` made them.
  return settings as OidcSettings
}
