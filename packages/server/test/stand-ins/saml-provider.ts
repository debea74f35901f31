import { type KeyObject, X509Certificate } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

import { SamlLib } from 'samlify'

import { escapeXml } from '../../src/lib/plain-xml.ts'
import { createSigningCertificate } from '../signing-certificate.ts'
import { HttpStandIn, type PlainAnswer, type ReceivedRequest } from './http-stand-in.ts'

const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'
const assertion = 'urn:oasis:names:tc:SAML:2.0:assertion'
const signatureAlgorithms = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  sha512: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
}

/** What a response says; what is left out is as the other side expects it. */
export interface SamlAnswer {
  acsUrl: string
  audience: string
  inResponseTo: string | null
  now: Date
  nameId: string
  nameIdFormat?: string
  sessionIndex?: string
  authenticatedAt?: Date
  attributes?: Readonly<Record<string, string>>
  issuer?: string
  destination?: string
  recipient?: string
  status?: string
  assertionId?: string
  notBefore?: Date
  notOnOrAfter?: Date
  confirmedInResponseTo?: string | null
}

/** What a logout that the provider asks for says. */
export interface SamlLogout {
  destination: string
  now: Date
  nameId: string
  sessionIndexes?: readonly string[]
  issuer?: string
  notOnOrAfter?: Date
}

interface Signing {
  /** What is signed, the inner first. */
  parts?: readonly ('Assertion' | 'Response' | 'LogoutRequest' | 'LogoutResponse')[]
  algorithm?: keyof typeof signatureAlgorithms
}

/** An identity provider on this machine: samlify signs what it says, and it publishes its metadata. */
export class SamlProvider extends HttpStandIn {
  readonly #pem: string
  readonly #privateKey: KeyObject
  readonly entityId: string
  /** Published beside its own, as while keys are changed. */
  otherCertificates: string[] = []
  /** Who sits at its pages, where browsers are led to them; null where nobody opens them. */
  person: (Pick<SamlAnswer, 'nameId'> & Partial<SamlAnswer>) | null = null

  private constructor(entityId: string, pem: string, privateKey: KeyObject) {
    super()
    this.entityId = entityId
    this.#pem = pem
    this.#privateKey = privateKey
  }

  static async create(entityId = 'https://idp.example.com/metadata'): Promise<SamlProvider> {
    const { pem, privateKey } = await createSigningCertificate('idp.example.com')
    return new SamlProvider(entityId, pem, privateKey)
  }

  get certificate(): string {
    return this.#pem
  }

  get privateKey(): KeyObject {
    return this.#privateKey
  }

  get metadata(): string {
    const keys = [this.#pem, ...this.otherCertificates].map(
      (
        pem,
      ) => `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
        <ds:X509Certificate>${new X509Certificate(pem).raw.toString('base64')}</ds:X509Certificate>
      </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    )
    const redirect = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
    const pages = this.person ? this.url : 'https://idp.example.com'
    return `<?xml version="1.0" encoding="UTF-8"?>
      <!-- As some providers write above it. -->
      <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escapeXml(this.entityId)}">
        <md:IDPSSODescriptor protocolSupportEnumeration="${protocol}" WantAuthnRequestsSigned="true">
          ${keys.join('')}
          <md:SingleLogoutService Binding="${redirect}" Location="${pages}/logout"/>
          <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
            Location="${pages}/post"/>
          <md:SingleSignOnService Binding="${redirect}" Location="${pages}/login?tenant=1"/>
        </md:IDPSSODescriptor>
      </md:EntityDescriptor>`
  }

  /** As a browser posts it: base64. Both parts are signed unless it is asked otherwise. */
  respond(answer: SamlAnswer, { parts = ['Assertion', 'Response'], algorithm }: Signing = {}): string {
    return encode(this.sign(this.say(answer), { parts, ...(algorithm ? { algorithm } : {}) }))
  }

  /** The XML of a response, not signed. */
  say({
    nameIdFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    ...answer
  }: SamlAnswer): string {
    const {
      acsUrl,
      inResponseTo,
      now,
      assertionId = newMessageId(),
      confirmedInResponseTo = inResponseTo,
    } = answer
    const { notBefore = now, notOnOrAfter = new Date(now.getTime() + 300_000) } = answer
    const issuer = `<saml:Issuer>${escapeXml(answer.issuer ?? this.entityId)}</saml:Issuer>`
    const answers = (id: string | null) => (id === null ? '' : ` InResponseTo="${escapeXml(id)}"`)
    const issued = `Version="2.0" IssueInstant="${now.toISOString()}"`
    const status = answer.status ?? 'urn:oasis:names:tc:SAML:2.0:status:Success'
    const attributes = Object.entries(answer.attributes ?? {}).map(
      ([name, value]) =>
        `<saml:Attribute Name="${escapeXml(name)}"><saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">${escapeXml(value)}</saml:AttributeValue></saml:Attribute>`,
    )
    return (
      `<samlp:Response xmlns:samlp="${protocol}" xmlns:saml="${assertion}" ID="${newMessageId()}" ${issued}` +
      ` Destination="${escapeXml(answer.destination ?? acsUrl)}"${answers(inResponseTo)}>${issuer}` +
      `<samlp:Status><samlp:StatusCode Value="${status}"/></samlp:Status>` +
      `<saml:Assertion ID="${escapeXml(assertionId)}" ${issued}>${issuer}` +
      `<saml:Subject><saml:NameID Format="${nameIdFormat}">${escapeXml(answer.nameId)}</saml:NameID>` +
      `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData` +
      ` NotOnOrAfter="${notOnOrAfter.toISOString()}" Recipient="${escapeXml(answer.recipient ?? acsUrl)}"` +
      `${answers(confirmedInResponseTo)}/></saml:SubjectConfirmation></saml:Subject>` +
      `<saml:Conditions NotBefore="${notBefore.toISOString()}" NotOnOrAfter="${notOnOrAfter.toISOString()}">` +
      `<saml:AudienceRestriction><saml:Audience>${escapeXml(answer.audience)}</saml:Audience>` +
      `</saml:AudienceRestriction></saml:Conditions>` +
      `<saml:AuthnStatement AuthnInstant="${(answer.authenticatedAt ?? now).toISOString()}" SessionIndex="${answer.sessionIndex ?? 'one'}">` +
      `<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password` +
      `</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
      `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>` +
      `</saml:Assertion></samlp:Response>`
    )
  }

  /** The XML of a logout that it asks for, not signed. */
  sayLogout({ destination, now, nameId, issuer = this.entityId, ...logout }: SamlLogout): string {
    const indexes = (logout.sessionIndexes ?? []).map(
      (index) => `<samlp:SessionIndex>${escapeXml(index)}</samlp:SessionIndex>`,
    )
    const until = logout.notOnOrAfter ? ` NotOnOrAfter="${logout.notOnOrAfter.toISOString()}"` : ''
    return (
      `<samlp:LogoutRequest xmlns:samlp="${protocol}" xmlns:saml="${assertion}" ID="${newMessageId()}"` +
      ` Version="2.0" IssueInstant="${now.toISOString()}" Destination="${escapeXml(destination)}"${until}>` +
      `<saml:Issuer>${escapeXml(issuer)}</saml:Issuer><saml:NameID>${escapeXml(nameId)}</saml:NameID>` +
      `${indexes.join('')}</samlp:LogoutRequest>`
    )
  }

  sign(xml: string, { parts = [], algorithm = 'sha256' }: Signing): string {
    let signed = xml
    for (const part of parts) {
      const path = part === 'Assertion' ? `/*/*[local-name(.)='Assertion']` : '/*'
      signed = SamlLib.constructSAMLSignature({
        rawSamlMessage: signed,
        referenceTagXPath: path,
        privateKey: this.#privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
        signingCert: new X509Certificate(this.#pem).raw.toString('base64'),
        signatureAlgorithm: signatureAlgorithms[algorithm],
        isBase64Output: false,
        signatureConfig: {
          prefix: 'ds',
          location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
        },
      })
    }
    return signed
  }

  protected accept({ path, query }: ReceivedRequest): PlainAnswer {
    if (path === '/metadata') {
      const headers = { 'content-type': 'application/samlmetadata+xml' }
      return { status: 200, headers, body: this.metadata }
    }
    const request = messageIn(query, 'SAMLRequest')
    if (!this.person || request === null) return { status: 404 }
    if (path === '/login') return this.#letIn(this.person, request, query.get('RelayState') ?? '')
    return path === '/logout' ? this.#letOut(request) : { status: 404 }
  }

  /** The page that posts the answer, as soon as a browser shows it. */
  #letIn(person: NonNullable<SamlProvider['person']>, request: string, relayState: string): PlainAnswer {
    const acsUrl = attributeIn(request, 'AssertionConsumerServiceURL')
    const response = this.respond({
      acsUrl,
      audience: issuerIn(request),
      inResponseTo: attributeIn(request, 'ID'),
      now: new Date(),
      ...person,
    })
    const body = `<!doctype html><html lang="en"><title>Sample provider</title><form method="post" action="${escapeXml(acsUrl)}">
      <input type="hidden" name="SAMLResponse" value="${response}">
      <input type="hidden" name="RelayState" value="${escapeXml(relayState)}">
      </form><script>document.forms[0].submit()</script></html>`
    return { status: 200, headers: { 'content-type': 'text/html' }, body }
  }

  /** Back to whoever asked, with the word that it is done. */
  #letOut(request: string): PlainAnswer {
    const place = issuerIn(request).replace(/metadata$/, 'logout')
    const response =
      `<samlp:LogoutResponse xmlns:samlp="${protocol}" xmlns:saml="${assertion}" ID="${newMessageId()}" Version="2.0"` +
      ` IssueInstant="${new Date().toISOString()}" InResponseTo="${attributeIn(request, 'ID')}">` +
      `<saml:Issuer>${escapeXml(this.entityId)}</saml:Issuer><samlp:Status>` +
      `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`
    const message = encodeURIComponent(deflateRawSync(response).toString('base64'))
    return { status: 303, headers: { location: `${place}?SAMLResponse=${message}` } }
  }
}

/** What a browser brings by redirect. */
function messageIn(query: URLSearchParams, name: string): string | null {
  const encoded = query.get(name)
  return encoded === null ? null : inflateRawSync(Buffer.from(encoded, 'base64')).toString('utf8')
}

function attributeIn(xml: string, name: string): string {
  return new RegExp(` ${name}="([^"]+)"`).exec(xml)?.[1] ?? ''
}

function issuerIn(xml: string): string {
  return /<(?:\w+:)?Issuer[^>]*>([^<]+)</.exec(xml)?.[1] ?? ''
}

let messages = 0

function newMessageId(): string {
  return `_message-${++messages}`
}

export function encode(xml: string): string {
  return Buffer.from(xml).toString('base64')
}

export function decode(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf8')
}
