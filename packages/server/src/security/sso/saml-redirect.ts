import { type KeyObject, sign, verify, X509Certificate } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

import { bytesOfBase64 } from './saml-message.ts'
import { UntrustedAnswer } from './sso-protocol.ts'

/** What a message is when it travels in the query of a URL. */
export type MessageKind = 'SAMLRequest' | 'SAMLResponse'

const digests: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': 'sha512',
}
const ownAlgorithm = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const mostBytes = 65_536

/** The URL that takes a message to a provider, signed. Source: saml-bindings-2.0-os, section 3.4.4. */
export function signedUrl(
  target: string,
  message: { kind: MessageKind; xml: string; relayState: string | null },
  privateKey: KeyObject,
): string {
  const signed = joined([
    [message.kind, encodeURIComponent(deflateRawSync(message.xml).toString('base64'))],
    ['RelayState', message.relayState === null ? undefined : encodeURIComponent(message.relayState)],
    ['SigAlg', encodeURIComponent(ownAlgorithm)],
  ])
  const signature = sign('sha256', Buffer.from(signed), privateKey).toString('base64')
  return `${target}${target.includes('?') ? '&' : '?'}${signed}&Signature=${encodeURIComponent(signature)}`
}

/**
 * The message in a query that one of the certificates' keys signed. What is signed is the query as it was written, so
 * it is taken apart as that.
 * @param query without its question mark
 * @throws UntrustedAnswer
 */
export function readSignedQuery(
  query: string,
  kind: MessageKind,
  certificates: readonly string[],
): { xml: string; relayState: string | null } {
  const written = new Map<string, string>()
  for (const pair of query.split('&')) {
    const [name, value] = splitOnce(pair)
    if (written.has(name)) throw new UntrustedAnswer('a part of the query stands twice')
    written.set(name, value)
  }
  const [message, signature] = [written.get(kind), written.get('Signature')]
  const digest = digests[decoded(written.get('SigAlg') ?? '')]
  if (message === undefined || signature === undefined) throw new UntrustedAnswer('the query is not signed')
  if (digest === undefined) throw new UntrustedAnswer('it is signed with weak algorithms')
  const signed = joined([
    [kind, message],
    ['RelayState', written.get('RelayState')],
    ['SigAlg', written.get('SigAlg')],
  ])
  const bytes = bytesOfBase64(decoded(signature))
  const isSigned = certificates.some((pem) =>
    verify(digest, Buffer.from(signed), new X509Certificate(pem).publicKey, bytes),
  )
  if (!isSigned) throw new UntrustedAnswer('its signatures do not hold')
  const relayState = written.get('RelayState')
  return {
    xml: inflate(bytesOfBase64(decoded(message))),
    relayState: relayState === undefined ? null : decoded(relayState),
  }
}

function joined(pairs: readonly (readonly [name: string, value: string | undefined])[]): string {
  const present = pairs.filter(([, value]) => value !== undefined)
  return present.map(([name, value]) => `${name}=${value}`).join('&')
}

function splitOnce(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=')
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}

function decoded(written: string): string {
  try {
    return decodeURIComponent(written.replaceAll('+', ' '))
  } catch {
    throw new UntrustedAnswer('the query is not well formed')
  }
}

function inflate(bytes: Buffer): string {
  try {
    const xml = inflateRawSync(bytes, { maxOutputLength: mostBytes })
    return new TextDecoder('utf-8', { fatal: true }).decode(xml)
  } catch {
    throw new UntrustedAnswer('it does not unpack')
  }
}
