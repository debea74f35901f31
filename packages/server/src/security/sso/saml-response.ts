import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'

import { childrenOf, elementsOf, type XmlElement } from '../../lib/plain-xml.ts'
import {
  allowOnly,
  attributeOf,
  checkSignatureShapes,
  decodeBase64,
  instantOf,
  only,
  readDocument,
  readMessage,
  refuseAfter,
  refuseBefore,
  samlNames,
  messageSeconds,
  successStatus,
  textOf,
} from './saml-message.ts'
import { type VouchedIdentity, UntrustedAnswer } from './sso-protocol.ts'

/** What an answer has to say to be believed. */
export interface ExpectedResponse {
  /** The entity id of the provider. */
  issuer: string
  /** Of the provider, PEM: the keys that its signature may be of. */
  certificates: readonly string[]
  /** Ours, which is the audience. */
  entityId: string
  acsUrl: string
  /** Of our request; null when we made none and take an answer all the same. */
  requestId: string | null
  now: Date
}

export interface VouchedResponse {
  identity: VouchedIdentity
  /** It is taken once; whoever takes it remembers the id until then. */
  assertionId: string
  forgetAt: Date
}

const { protocol, assertion, signature } = samlNames
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const transientName = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
const emailName = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
const longestName = 500

/**
 * Whom a provider's answer names. The response and the one assertion in it are both signed, the library computes the
 * signatures, and what an assertion says is read from the very bytes that it found signed. All shapes that signatures
 * have been wrapped with are refused before. Source: S-E4; saml-profiles-2.0-os, section 4.1.4.
 * @throws UntrustedAnswer
 */
export async function readResponse(encoded: string, expected: ExpectedResponse): Promise<VouchedResponse> {
  const { issuer, acsUrl, requestId, now } = expected
  const { xml, root, issuedAt, inResponseTo } = readMessage(decodeBase64(encoded), {
    name: 'Response',
    children: [
      [assertion, 'Issuer'],
      [signature, 'Signature'],
      [protocol, 'Status'],
      [assertion, 'Assertion'],
    ],
    issuer,
    destination: acsUrl,
    now,
  })
  const status = attributeOf(only(only(root, protocol, 'Status'), protocol, 'StatusCode'), 'Value')
  if (status !== successStatus) throw new UntrustedAnswer('the provider did not sign anybody in')
  if (inResponseTo !== requestId) throw new UntrustedAnswer('it answers another request')
  const claimed = only(root, assertion, 'Assertion')
  const assertions = [...elementsOf(root)].filter(({ name }) => name.endsWith('Assertion'))
  if (assertions.length !== 1) throw new UntrustedAnswer('it has not one assertion')
  checkSignatureShapes(root, [root, claimed])
  // It may only refuse by what is not verified yet, and says more exactly than the library why.
  readAssertion(claimed, expected, issuedAt)

  const signed = readDocument(await verify(xml, expected))
  const id = attributeOf(signed, 'ID')
  if (id !== attributeOf(claimed, 'ID')) throw new UntrustedAnswer('another assertion is signed')
  return { assertionId: id, ...readAssertion(signed, expected, issuedAt) }
}

/** @returns the assertion, as it was signed */
async function verify(
  xml: string,
  { issuer, certificates, entityId, acsUrl }: ExpectedResponse,
): Promise<string> {
  if (certificates.length === 0) throw new UntrustedAnswer('no certificate of the provider is valid')
  const library = new SAML({
    idpCert: [...certificates],
    idpIssuer: issuer,
    issuer: entityId,
    audience: entityId,
    callbackUrl: acsUrl,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: true,
    // Requests and times are looked at here: it knows neither our rows nor our clock.
    validateInResponseTo: ValidateInResponseTo.never,
    acceptedClockSkewMs: -1,
  })
  try {
    const { profile } = await library.validatePostResponseAsync({
      SAMLResponse: Buffer.from(xml).toString('base64'),
    })
    const signed = profile?.getAssertionXml?.()
    if (signed !== undefined) return signed
  } catch {
    throw new UntrustedAnswer('its signatures do not hold')
  }
  throw new UntrustedAnswer('nothing of it is signed')
}

function readAssertion(
  root: XmlElement,
  expected: ExpectedResponse,
  issuedAt: Date,
): Omit<VouchedResponse, 'assertionId'> {
  const { issuer, now } = expected
  if (root.name !== 'Assertion' || root.namespace !== assertion)
    throw new UntrustedAnswer('it is no assertion')
  allowOnly(root, [
    [assertion, 'Issuer'],
    [signature, 'Signature'],
    [assertion, 'Subject'],
    [assertion, 'Conditions'],
    [assertion, 'AuthnStatement'],
    [assertion, 'AttributeStatement'],
  ])
  if (attributeOf(root, 'Version') !== '2.0') throw new UntrustedAnswer('it is of another version')
  if (textOf(only(root, assertion, 'Issuer')) !== issuer)
    throw new UntrustedAnswer('it is of another issuer')
  refuseBefore(instantOf(root, 'IssueInstant'), now)

  const { name, format, until } = readSubject(only(root, assertion, 'Subject'), expected)
  checkConditions(only(root, assertion, 'Conditions'), expected)
  const statement = only(root, assertion, 'AuthnStatement')
  if (statement.attributes.has('SessionNotOnOrAfter'))
    refuseAfter(instantOf(statement, 'SessionNotOnOrAfter'), now)
  const attributes = attributesOf(root)
  const email = first(attributes, emailAttributes) ?? (format === emailName ? name : null)
  const oldest = new Date(issuedAt.getTime() + messageSeconds * 1000)
  return {
    identity: {
      issuer,
      subject: name,
      email: email !== null && isShortEmail(email) ? email : null,
      // SAML has no word for it: it is the directory of the organisation that speaks, of addresses it gave out.
      emailVerified: true,
      name: first(attributes, nameAttributes) ?? wholeName(attributes),
      nameId: name,
      sessionIndex: statement.attributes.get('SessionIndex')?.slice(0, longestName) ?? null,
      authenticatedAt: instantOf(statement, 'AuthnInstant'),
    },
    forgetAt: refuseAfter(until < oldest ? until : oldest, now),
  }
}

function readSubject(
  subject: XmlElement,
  { acsUrl, requestId, now }: ExpectedResponse,
): { name: string; format: string | undefined; until: Date } {
  allowOnly(subject, [
    [assertion, 'NameID'],
    [assertion, 'SubjectConfirmation'],
  ])
  const nameId = only(subject, assertion, 'NameID')
  const [name, format] = [textOf(nameId), nameId.attributes.get('Format')]
  // A name that is another each time names nobody.
  if (format === transientName) throw new UntrustedAnswer('its name is for once only')
  if (name.trim() !== name || name.length > longestName) throw new UntrustedAnswer('its name is no name')

  const confirmation = only(subject, assertion, 'SubjectConfirmation')
  if (attributeOf(confirmation, 'Method') !== bearer)
    throw new UntrustedAnswer('it is not for who brings it')
  allowOnly(confirmation, [[assertion, 'SubjectConfirmationData']])
  const data = only(confirmation, assertion, 'SubjectConfirmationData')
  if (attributeOf(data, 'Recipient') !== acsUrl)
    throw new UntrustedAnswer('it is meant for another recipient')
  if (data.attributes.has('NotBefore')) throw new UntrustedAnswer('it is confirmed for later')
  if ((data.attributes.get('InResponseTo') ?? null) !== requestId)
    throw new UntrustedAnswer('it answers another request')
  const until = instantOf(data, 'NotOnOrAfter')
  refuseAfter(until, now)
  return { name, format, until }
}

function checkConditions(conditions: XmlElement, { entityId, now }: ExpectedResponse): void {
  allowOnly(conditions, [
    [assertion, 'AudienceRestriction'],
    [assertion, 'OneTimeUse'],
  ])
  if (conditions.attributes.has('NotBefore')) refuseBefore(instantOf(conditions, 'NotBefore'), now)
  refuseAfter(instantOf(conditions, 'NotOnOrAfter'), now)
  const restriction = only(conditions, assertion, 'AudienceRestriction')
  if (textOf(only(restriction, assertion, 'Audience')) !== entityId)
    throw new UntrustedAnswer('it is meant for another audience')
}

/** What providers call the email, by name and by the numbers of X.500. */
const emailAttributes = [
  'email',
  'mail',
  'emailAddress',
  'urn:oid:0.9.2342.19200300.100.1.3',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
]
const nameAttributes = [
  'displayName',
  'urn:oid:2.16.840.1.113730.3.1.241',
  'http://schemas.microsoft.com/identity/claims/displayname',
  'cn',
  'urn:oid:2.5.4.3',
]
const givenNameAttributes = [
  'givenName',
  'firstName',
  'urn:oid:2.5.4.42',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
]
const familyNameAttributes = [
  'sn',
  'surname',
  'lastName',
  'urn:oid:2.5.4.4',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
]

type Attributes = ReadonlyMap<string, string>

/** Those with a value of text, the first of several. */
function attributesOf(root: XmlElement): Attributes {
  const attributes = new Map<string, string>()
  for (const statement of childrenOf(root, assertion, 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, assertion, 'Attribute')) {
      const name = attributeOf(attribute, 'Name')
      const [value] = childrenOf(attribute, assertion, 'AttributeValue')
      const text = value?.text.trim() ?? ''
      if (text !== '' && text.length <= longestName && !attributes.has(name)) attributes.set(name, text)
    }
  }
  return attributes
}

function first(attributes: Attributes, names: readonly string[]): string | null {
  const name = names.find((candidate) => attributes.has(candidate))
  return name === undefined ? null : (attributes.get(name) ?? null)
}

function wholeName(attributes: Attributes): string | null {
  const parts = [first(attributes, givenNameAttributes), first(attributes, familyNameAttributes)]
  return parts.filter((part) => part !== null).join(' ') || null
}

function isShortEmail(text: string): boolean {
  return text.length <= 254 && /^[^@\s]+@[^@\s]+$/.test(text)
}
