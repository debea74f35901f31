import { X509Certificate } from 'node:crypto'

import { lengths } from '@lanyard/contract/limits'

import {
  childrenOf,
  elementsOf,
  escapeXml,
  PlainXmlError,
  readPlainXml,
  type XmlElement,
} from '../../lib/plain-xml.ts'
import { pemOf } from '../../lib/self-signed-certificate.ts'
import { attributeOf, bytesOfBase64, instantOf, refuseAfter, samlNames } from './saml-message.ts'
import { UntrustedAnswer } from './sso-protocol.ts'
import type { SamlCertificate, SamlSettings } from './sso-connection.entity.ts'

export const bindings = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
} as const

type PublishedSettings = Pick<
  SamlSettings,
  'issuer' | 'signInUrl' | 'logoutUrl' | 'logoutAnswerUrl' | 'certificates'
>

interface MetadataRules {
  now: Date
  /** Whether a browser may be led there. */
  isProviderUrl(url: string): boolean
}

const { metadata, protocol, signature } = samlNames
const mostCertificates = 10
/** What an entity id is at most. Source: saml-core-2.0-os 8.3.6, less what our column takes. */
const longestEntityId = 500

/**
 * What the metadata of an identity provider says. Comments are skipped: an administrator chose the document, and
 * nothing in it is signed by anybody.
 * @throws UntrustedAnswer for what is no metadata of one provider that we can work with
 */
export function readProviderMetadata(xml: string, rules: MetadataRules): PublishedSettings {
  const entity = findProvider(readMetadataXml(xml))
  const issuer = attributeOf(entity, 'entityID')
  if (issuer.length > longestEntityId) throw new UntrustedAnswer('its entity id is too long')
  if (entity.attributes.has('validUntil')) refuseAfter(instantOf(entity, 'validUntil'), rules.now)
  const [role, ...others] = rolesOf(entity)
  if (!role || others.length > 0) throw new UntrustedAnswer('it describes not one identity provider')

  const signIn = serviceOf(role, 'SingleSignOnService', rules)
  if (!signIn) throw new UntrustedAnswer('it has no sign-in by HTTP-Redirect')
  const logout = serviceOf(role, 'SingleLogoutService', rules)
  const certificates = certificatesOf(role)
  const isValid = ({ expiresAt }: SamlCertificate) => new Date(expiresAt) > rules.now
  if (!certificates.some(isValid)) throw new UntrustedAnswer('it has no valid certificate for signatures')
  return {
    issuer,
    signInUrl: signIn.url,
    logoutUrl: logout?.url ?? null,
    logoutAnswerUrl: logout?.answerUrl ?? null,
    certificates,
  }
}

function readMetadataXml(xml: string): XmlElement {
  try {
    return readPlainXml(xml.replace(/^\u{FEFF}/u, '').trim(), { comments: true })
  } catch (error) {
    if (error instanceof PlainXmlError) throw new UntrustedAnswer(error.message)
    throw error
  }
}

/** The document is of one entity, or of several of which one is an identity provider. */
function findProvider(root: XmlElement): XmlElement {
  const [entity, ...others] = [...elementsOf(root)].filter(
    (element) =>
      element.name === 'EntityDescriptor' && element.namespace === metadata && rolesOf(element).length > 0,
  )
  if (!entity || others.length > 0) throw new UntrustedAnswer('it describes not one identity provider')
  return entity
}

function rolesOf(entity: XmlElement): XmlElement[] {
  return childrenOf(entity, metadata, 'IDPSSODescriptor').filter((role) =>
    (role.attributes.get('protocolSupportEnumeration') ?? '').split(' ').includes(protocol),
  )
}

function serviceOf(
  role: XmlElement,
  name: string,
  { isProviderUrl }: MetadataRules,
): { url: string; answerUrl: string } | undefined {
  const service = childrenOf(role, metadata, name).find(
    ({ attributes }) => attributes.get('Binding') === bindings.redirect,
  )
  if (!service) return undefined
  const url = attributeOf(service, 'Location')
  const answerUrl = service.attributes.get('ResponseLocation') ?? url
  const isFit = [url, answerUrl].every((each) => each.length <= lengths.url && isProviderUrl(each))
  if (!isFit) throw new UntrustedAnswer('a browser cannot be led to its services')
  return { url, answerUrl }
}

function certificatesOf(role: XmlElement): SamlCertificate[] {
  const keys = childrenOf(role, metadata, 'KeyDescriptor').filter(
    ({ attributes }) => (attributes.get('use') ?? 'signing') === 'signing',
  )
  const texts = keys
    .flatMap((key) => [...elementsOf(key)])
    .filter(({ name, namespace }) => name === 'X509Certificate' && namespace === signature)
    .map(({ text }) => text)
  if (texts.length > mostCertificates) throw new UntrustedAnswer('it has too many certificates')
  const certificates = texts.map((text) => describeCertificate(bytesOfBase64(text)))
  return certificates.filter(
    ({ fingerprint }, index) =>
      certificates.findIndex((other) => other.fingerprint === fingerprint) === index,
  )
}

function describeCertificate(bytes: Buffer): SamlCertificate {
  const certificate = parseCertificate(bytes)
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw new UntrustedAnswer('it signs with keys other than RSA of 2048 bits')
  return {
    subject: certificate.subject.split('\n').join(', ').slice(0, lengths.url),
    expiresAt: new Date(certificate.validTo).toISOString(),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    pem: pemOf(certificate.raw),
  }
}

function parseCertificate(bytes: Buffer): X509Certificate {
  try {
    return new X509Certificate(bytes)
  } catch {
    throw new UntrustedAnswer('a certificate of it is none')
  }
}

interface OwnMetadata {
  entityId: string
  acsUrl: string
  logoutUrl: string
  /** PEM. */
  certificate: string
}

/** What an administrator gives to the identity provider. */
export function ownMetadata({ entityId, acsUrl, logoutUrl, certificate }: OwnMetadata): string {
  const key = new X509Certificate(certificate).raw.toString('base64')
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${metadata}" entityID="${escapeXml(entityId)}">
  <md:SPSSODescriptor protocolSupportEnumeration="${protocol}" AuthnRequestsSigned="true" WantAssertionsSigned="true">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="${signature}">
        <ds:X509Data>
          <ds:X509Certificate>${key}</ds:X509Certificate>
        </ds:X509Data>
      </ds:KeyInfo>
    </md:KeyDescriptor>
    <md:SingleLogoutService Binding="${bindings.redirect}" Location="${escapeXml(logoutUrl)}"/>
    <md:SingleLogoutService Binding="${bindings.post}" Location="${escapeXml(logoutUrl)}"/>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>
    <md:AssertionConsumerService Binding="${bindings.post}" Location="${escapeXml(acsUrl)}" index="0" isDefault="true"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
`
}
