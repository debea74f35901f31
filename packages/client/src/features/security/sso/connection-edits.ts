import type {
  CreateSsoConnectionInput,
  SsoProtocol,
  UpdateSsoConnectionInput,
} from '../../../graphql/generated.ts'
import type { Connection } from './SsoSection.tsx'

/** What the form of a connection holds. */
export interface TypedConnection {
  name: string
  protocol: SsoProtocol
  issuer: string
  clientId: string
  /** Empty while the one there is stays. */
  clientSecret: string
  metadataSource: 'URL' | 'XML'
  metadataUrl: string
  metadataXml: string
  allowIdpInitiated: boolean
  createJustInTime: boolean
}

export function isProtocol(value: string): value is SsoProtocol {
  return value === 'OIDC' || value === 'SAML'
}

export function isMetadataSource(value: string): value is TypedConnection['metadataSource'] {
  return value === 'URL' || value === 'XML'
}

export function typedAtFirst(connection: Connection | undefined): TypedConnection {
  return {
    name: connection?.name ?? '',
    protocol: connection?.protocol ?? 'OIDC',
    issuer: connection?.issuer ?? '',
    clientId: connection?.clientId ?? '',
    clientSecret: '',
    metadataSource: connection?.protocol === 'SAML' && connection.metadataUrl === null ? 'XML' : 'URL',
    metadataUrl: connection?.metadataUrl ?? '',
    metadataXml: '',
    allowIdpInitiated: connection?.allowIdpInitiated ?? false,
    createJustInTime: connection?.createJustInTime ?? false,
  }
}

/** Only what belongs to the protocol: the server refuses the rest. */
export function creationOf(accountId: string, typed: TypedConnection): CreateSsoConnectionInput {
  const { name, protocol, issuer, clientId, clientSecret, allowIdpInitiated, createJustInTime } = typed
  const common = { accountId, name, protocol, createJustInTime }
  if (protocol === 'OIDC')
    return { ...common, issuer: issuer.trim(), clientId: clientId.trim(), clientSecret }
  return { ...common, allowIdpInitiated, ...metadataOf(typed) }
}

/** Only what differs: a connection has to be tested anew after a change of what a test tries. */
export function updateOf(
  accountId: string,
  connection: Connection,
  typed: TypedConnection,
): UpdateSsoConnectionInput {
  const input: UpdateSsoConnectionInput = { accountId, ssoConnectionId: connection.id }
  if (typed.name !== connection.name) input.name = typed.name
  if (typed.createJustInTime !== connection.createJustInTime)
    input.createJustInTime = typed.createJustInTime
  if (connection.protocol === 'OIDC') {
    if (typed.issuer.trim() !== connection.issuer) input.issuer = typed.issuer.trim()
    if (typed.clientId.trim() !== connection.clientId) input.clientId = typed.clientId.trim()
    if (typed.clientSecret !== '') input.clientSecret = typed.clientSecret
    return input
  }
  if (typed.allowIdpInitiated !== connection.allowIdpInitiated) {
    input.allowIdpInitiated = typed.allowIdpInitiated
  }
  const isNewAddress = typed.metadataSource === 'URL' && typed.metadataUrl.trim() !== connection.metadataUrl
  const isNewDocument = typed.metadataSource === 'XML' && typed.metadataXml.trim() !== ''
  return isNewAddress || isNewDocument ? { ...input, ...metadataOf(typed) } : input
}

function metadataOf({ metadataSource, metadataUrl, metadataXml }: TypedConnection) {
  return metadataSource === 'URL' ? { metadataUrl: metadataUrl.trim() } : { metadataXml }
}
