import { lengths } from '@lanyard/contract/limits'

import { AppError, badInput } from '../../errors/app-error.ts'
import { escapeXml } from '../../lib/plain-xml.ts'
import { createSelfSignedCertificate } from '../../lib/self-signed-certificate.ts'
import { bindings, readProviderMetadata } from './saml-metadata.ts'
import { openOwnKey, ownMessage } from './saml-own-message.ts'
import { signedUrl } from './saml-redirect.ts'
import { bindingOfClientSecret, type SamlSettings, type SsoConnection } from './sso-connection.entity.ts'
import {
  type ConfiguredSettings,
  type SignOnProtocol,
  type SsoContext,
  type SsoSettingsInput,
  ssoUrls,
  UntrustedAnswer,
} from './sso-protocol.ts'

/** SAML 2.0, as far as browsers need it: a signed request by redirect, a response signed twice by POST. */
export const samlProtocol: SignOnProtocol = {
  configure,

  async begin(ctx, connection, { state, forceLogin }) {
    const { signInUrl } = await currentSettings(ctx, connection)
    // The provider is asked for no format of name and no way of signing in: both are its administrators' to choose.
    const { id, xml } = ownMessage(ctx, connection, {
      name: 'AuthnRequest',
      destination: signInUrl,
      attributes: {
        ...(forceLogin ? { ForceAuthn: 'true' } : {}),
        ProtocolBinding: bindings.post,
        AssertionConsumerServiceURL: ssoUrls(ctx.config.publicUrl, connection.id).samlAcs,
      },
      content: '<samlp:NameIDPolicy AllowCreate="true"/>',
    })
    const message = { kind: 'SAMLRequest', xml, relayState: state } as const
    return { url: signedUrl(signInUrl, message, openOwnKey(ctx, connection)), details: { requestId: id } }
  },

  logoutUrl(ctx, connection, { nameId, sessionIndex }) {
    const { logoutUrl } = samlSettingsOf(connection)
    if (logoutUrl === null || nameId === null) return null
    const index =
      sessionIndex === null ? '' : `<samlp:SessionIndex>${escapeXml(sessionIndex)}</samlp:SessionIndex>`
    const { xml } = ownMessage(ctx, connection, {
      name: 'LogoutRequest',
      destination: logoutUrl,
      content: `<saml:NameID>${escapeXml(nameId)}</saml:NameID>${index}`,
    })
    const message = { kind: 'SAMLRequest', xml, relayState: null } as const
    return signedUrl(logoutUrl, message, openOwnKey(ctx, connection))
  },
}

/** The provider's certificates that are not over, PEM. */
export function validCertificates({ certificates }: SamlSettings, now: Date): string[] {
  return certificates.filter(({ expiresAt }) => new Date(expiresAt) > now).map(({ pem }) => pem)
}

const dayMilliseconds = 86_400_000
const retryMilliseconds = 600_000
const ownCertificateYears = 10

/** @throws AppError BAD_USER_INPUT; SSO_SETTINGS_WRONG with the field `metadataUrl` or `metadataXml` */
async function configure(
  ctx: SsoContext,
  connectionId: string,
  input: SsoSettingsInput,
  former: SsoConnection | null,
): Promise<ConfiguredSettings> {
  const earlier = former && samlSettingsOf(former)
  const { metadataUrl, metadataXml } = input
  for (const field of ['issuer', 'clientId', 'clientSecret'] as const) {
    if (input[field] !== null) throw badInput(field, 'FORMAT')
  }
  if (metadataUrl !== null && metadataXml !== null) throw badInput('metadataXml', 'DUPLICATE')
  const allowIdpInitiated = input.allowIdpInitiated ?? earlier?.allowIdpInitiated ?? false
  if (earlier && metadataUrl === null && metadataXml === null)
    return { settings: { ...earlier, allowIdpInitiated }, clientSecret: former.clientSecret }

  const published =
    metadataUrl === null
      ? readMetadata(ctx, checkXml(metadataXml), 'metadataXml')
      : await fetchMetadata(ctx, checkUrl(ctx, metadataUrl))
  const due = new Date(ctx.clock.now().getTime() + dayMilliseconds)
  const settings = { ...published, metadataUrl, metadataDueAt: due.toISOString(), allowIdpInitiated }
  if (earlier)
    return {
      settings: { ...settings, ownCertificate: earlier.ownCertificate },
      clientSecret: former.clientSecret,
    }
  const { certificate, clientSecret } = await createOwnKey(ctx, connectionId)
  return { settings: { ...settings, ownCertificate: certificate }, clientSecret }
}

/**
 * The settings, with the provider's metadata of today if it has a URL: providers change their keys. It is read on use,
 * by one request of all; when it cannot be had, or is of another provider, the one before stays, and ten minutes later
 * somebody tries again.
 */
export async function currentSettings(ctx: SsoContext, connection: SsoConnection): Promise<SamlSettings> {
  const settings = samlSettingsOf(connection)
  const { metadataUrl, metadataDueAt } = settings
  const now = ctx.clock.now().getTime()
  if (metadataUrl === null || new Date(metadataDueAt).getTime() > now) return settings
  const retryAt = new Date(now + retryMilliseconds).toISOString()
  if (!(await replaceSettings(ctx, connection, settings, { ...settings, metadataDueAt: retryAt })))
    return settings

  const published = await fetchMetadata(ctx, metadataUrl).catch((error: unknown) => {
    if (error instanceof AppError) return undefined
    throw error
  })
  if (published?.issuer !== settings.issuer) return settings
  const next = { ...settings, ...published, metadataDueAt: new Date(now + dayMilliseconds).toISOString() }
  await replaceSettings(ctx, connection, { ...settings, metadataDueAt: retryAt }, next)
  return next
}

/** Whether they were still the former; it is no change that an administrator made, and leaves the test as it is. */
async function replaceSettings(
  { em }: Pick<SsoContext, 'em'>,
  { accountId, id, changedAt }: SsoConnection,
  former: SamlSettings,
  next: SamlSettings,
): Promise<boolean> {
  const replaced: unknown[] = await em.fork().execute(
    `update sso_connection set settings = ?::jsonb
      where account_id = ? and id = ? and changed_at = ? and settings ->> 'metadataDueAt' = ? returning id`,
    [JSON.stringify(next), accountId, id, changedAt, former.metadataDueAt],
  )
  return replaced.length > 0
}

export function samlSettingsOf({ id, settings }: SsoConnection): SamlSettings {
  if (!('ownCertificate' in settings)) throw new Error(`the connection ${id} is not of SAML`)
  return settings
}

type Published = ReturnType<typeof readProviderMetadata>

async function fetchMetadata(ctx: SsoContext, url: string): Promise<Published> {
  const answer = await ctx.http.request({ url })
  if (answer.kind !== 'answered' || answer.status !== 200) throw wrong('metadataUrl')
  return readMetadata(ctx, answer.body, 'metadataUrl')
}

function readMetadata(
  { clock, config }: Pick<SsoContext, 'clock' | 'config'>,
  xml: string,
  field: 'metadataUrl' | 'metadataXml',
): Published {
  const isProviderUrl = (url: string) => isUrlOfProvider(config, url)
  try {
    return readProviderMetadata(xml, { now: clock.now(), isProviderUrl })
  } catch (error) {
    if (error instanceof UntrustedAnswer) throw wrong(field)
    throw error
  }
}

function wrong(field: string): AppError {
  return new AppError('SSO_SETTINGS_WRONG', { field })
}

function checkXml(metadataXml: string | null): string {
  const xml = metadataXml?.trim() ?? ''
  if (xml === '') throw badInput('metadataUrl', 'EMPTY')
  return xml
}

function checkUrl({ config }: Pick<SsoContext, 'config'>, metadataUrl: string): string {
  const url = metadataUrl.trim()
  if (url === '') throw badInput('metadataUrl', 'EMPTY')
  if (url.length > lengths.url) throw badInput('metadataUrl', 'TOO_LONG')
  if (!isUrlOfProvider(config, url)) throw badInput('metadataUrl', 'FORMAT')
  return url
}

/** Over https; without it only where the operator allowed the very host. */
function isUrlOfProvider({ allowedOutboundHosts }: SsoContext['config'], text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.username !== '' || url.password !== '' || url.hash !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && allowedOutboundHosts.includes(url.host))
}

async function createOwnKey(
  { clock, config, sealing }: SsoContext,
  connectionId: string,
): Promise<{ certificate: string; clientSecret: Buffer }> {
  const from = clock.now()
  const until = new Date(from)
  until.setUTCFullYear(from.getUTCFullYear() + ownCertificateYears)
  const { pem, privateKey } = await createSelfSignedCertificate(config.publicUrl.hostname, { from, until })
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return { certificate: pem, clientSecret: sealing.seal(key, bindingOfClientSecret(connectionId)) }
}
