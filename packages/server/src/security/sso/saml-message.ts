import {
  childrenOf,
  elementsOf,
  PlainXmlError,
  readPlainXml,
  type XmlElement,
} from '../../lib/plain-xml.ts'
import { UntrustedAnswer } from './sso-protocol.ts'

export const samlNames = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
} as const

export const successStatus = 'urn:oasis:names:tc:SAML:2.0:status:Success'

/** Nothing older is taken, so that no id has to be remembered for longer. */
export const messageSeconds = 600

/** A provider's clock may be so far from ours at the end of a time, where a moment too long is a risk. */
const lateMilliseconds = 5000
/** And so far at its beginning, where it is none. */
const earlyMilliseconds = 60_000

/** A message in one of the shapes that we take. Nothing says yet that it comes from whom it names. */
export interface SamlMessage {
  xml: string
  root: XmlElement
  id: string
  issuedAt: Date
  inResponseTo: string | null
}

interface Expectation {
  /** As `Response`. */
  name: string
  /** The children it may have, with their namespaces. */
  children: readonly (readonly [namespace: string, name: string])[]
  issuer: string
  /** Where it has to be meant for. */
  destination: string
  now: Date
}

/**
 * The outer part of a message: what it is, who says so, to whom and when.
 * @throws UntrustedAnswer
 */
export function readMessage(
  xml: string,
  { name, children, issuer, destination, now }: Expectation,
): SamlMessage {
  const root = readDocument(xml)
  if (root.name !== name || root.namespace !== samlNames.protocol)
    throw new UntrustedAnswer(`it is no ${name}`)
  allowOnly(root, children)
  refuseTwins(root)
  if (root.attributes.get('Version') !== '2.0') throw new UntrustedAnswer('it is of another version')
  if (textOf(only(root, samlNames.assertion, 'Issuer')) !== issuer)
    throw new UntrustedAnswer('it is of another issuer')
  if (root.attributes.get('Destination') !== destination)
    throw new UntrustedAnswer('it is meant for elsewhere')
  const issuedAt = instantOf(root, 'IssueInstant')
  refuseBefore(issuedAt, now)
  refuseAfter(new Date(issuedAt.getTime() + messageSeconds * 1000), now)
  const inResponseTo = root.attributes.get('InResponseTo') ?? null
  return { xml, root, id: attributeOf(root, 'ID'), issuedAt, inResponseTo }
}

/** @throws UntrustedAnswer for what is no base64 of UTF-8 */
export function decodeBase64(encoded: string): string {
  const bytes = bytesOfBase64(encoded)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UntrustedAnswer('it is no UTF-8')
  }
}

/** @throws UntrustedAnswer */
export function bytesOfBase64(encoded: string): Buffer {
  const letters = encoded.replaceAll(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(letters)) throw new UntrustedAnswer('it is no base64')
  return Buffer.from(letters, 'base64')
}

/** @throws UntrustedAnswer */
export function readDocument(xml: string): XmlElement {
  try {
    return readPlainXml(xml)
  } catch (error) {
    if (error instanceof PlainXmlError) throw new UntrustedAnswer(error.message)
    throw error
  }
}

/** @throws UntrustedAnswer for a child that is not listed */
export function allowOnly(parent: XmlElement, allowed: Expectation['children']): void {
  for (const { name, namespace } of parent.children) {
    const isAllowed = allowed.some(([space, other]) => space === namespace && other === name)
    if (!isAllowed) throw new UntrustedAnswer('it has a part that does not belong there')
  }
}

/** @throws UntrustedAnswer unless there is exactly one */
export function only(parent: XmlElement, namespace: string, name: string): XmlElement {
  const [child, ...others] = childrenOf(parent, namespace, name)
  if (!child || others.length > 0) throw new UntrustedAnswer(`it has not one ${name}`)
  return child
}

/** @throws UntrustedAnswer when it is empty */
export function textOf({ name, text, children }: XmlElement): string {
  if (text === '' || children.length > 0) throw new UntrustedAnswer(`its ${name} is no text`)
  return text
}

/** @throws UntrustedAnswer when it is not there */
export function attributeOf({ attributes }: XmlElement, name: string): string {
  const value = attributes.get(name)
  if (value === undefined || value === '') throw new UntrustedAnswer(`it has no ${name}`)
  return value
}

/** In UTC, as SAML has them all. @throws UntrustedAnswer */
export function instantOf(element: XmlElement, name: string): Date {
  const value = attributeOf(element, name)
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value)
  const instant = new Date(isInstant ? value : Number.NaN)
  if (Number.isNaN(instant.getTime())) throw new UntrustedAnswer(`its ${name} is no instant`)
  return instant
}

/** @throws UntrustedAnswer when it is not time yet */
export function refuseBefore(from: Date, now: Date): void {
  if (now.getTime() < from.getTime() - earlyMilliseconds) throw new UntrustedAnswer('it is not valid yet')
}

/** @throws UntrustedAnswer when its time is over. @returns the last moment at which it is taken */
export function refuseAfter(until: Date, now: Date): Date {
  const end = until.getTime() + lateMilliseconds
  if (now.getTime() >= end) throw new UntrustedAnswer('its time is over')
  return new Date(end)
}

const strongSignatures: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
])
const strongDigests: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
])
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/**
 * Takes signatures in one shape only, before any is computed: one in each of the signed elements, over that very
 * element and nothing else, with strong algorithms; and none anywhere else.
 * @throws UntrustedAnswer
 */
export function checkSignatureShapes(root: XmlElement, signed: readonly XmlElement[]): void {
  const all = [...elementsOf(root)].filter(({ name }) => name === 'Signature')
  if (all.length !== signed.length) throw new UntrustedAnswer('it has not the signatures it needs')
  for (const element of signed) checkSignatureShape(element)
}

function checkSignatureShape(element: XmlElement): void {
  const { signature: namespace } = samlNames
  const info = only(only(element, namespace, 'Signature'), namespace, 'SignedInfo')
  const algorithm = (parent: XmlElement, name: string) =>
    attributeOf(only(parent, namespace, name), 'Algorithm')
  const reference = only(info, namespace, 'Reference')
  const transforms = only(reference, namespace, 'Transforms').children.map((transform) =>
    attributeOf(transform, 'Algorithm'),
  )
  only(reference, namespace, 'DigestValue')
  const isStrong =
    strongSignatures.has(algorithm(info, 'SignatureMethod')) &&
    strongDigests.has(algorithm(reference, 'DigestMethod'))
  if (!isStrong) throw new UntrustedAnswer('it is signed with weak algorithms')
  const isUsual =
    algorithm(info, 'CanonicalizationMethod') === exclusive &&
    transforms.length === 2 &&
    transforms[0] === enveloped &&
    transforms[1] === exclusive
  if (!isUsual) throw new UntrustedAnswer('what is signed was changed before')
  if (attributeOf(reference, 'URI') !== `#${attributeOf(element, 'ID')}`)
    throw new UntrustedAnswer('something else is signed')
}

/** Two elements of one id are how a signature over one is taken for a signature over the other. */
function refuseTwins(root: XmlElement): void {
  const seen = new Set<string>()
  for (const { attributes } of elementsOf(root)) {
    for (const [name, value] of attributes) {
      if (!/(?:^|\})id$/i.test(name)) continue
      if (seen.has(value)) throw new UntrustedAnswer('an id stands twice')
      seen.add(value)
    }
  }
}
