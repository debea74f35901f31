import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto'

import { escapeXml } from '../../lib/plain-xml.ts'
import { samlNames } from './saml-message.ts'
import { bindingOfClientSecret, type SsoConnection } from './sso-connection.entity.ts'
import { type SsoContext, ssoUrls } from './sso-protocol.ts'

interface Saying {
  name: 'AuthnRequest' | 'LogoutRequest' | 'LogoutResponse'
  /** Where it goes. */
  destination: string
  /** Beside those that every message has. */
  attributes?: Readonly<Record<string, string>>
  /** XML, under the prefixes `samlp` and `saml`. */
  content: string
}

/** What we say to a provider, under an id that nobody guesses and nothing had before. It is signed by how it travels. */
export function ownMessage(
  { clock, config }: Pick<SsoContext, 'clock' | 'config'>,
  connection: SsoConnection,
  { name, destination, attributes = {}, content }: Saying,
): { id: string; xml: string } {
  const id = `_${randomBytes(20).toString('hex')}`
  const all = {
    'xmlns:samlp': samlNames.protocol,
    'xmlns:saml': samlNames.assertion,
    ID: id,
    Version: '2.0',
    IssueInstant: clock.now().toISOString(),
    Destination: destination,
    ...attributes,
  }
  const written = Object.entries(all).map(([attribute, value]) => ` ${attribute}="${escapeXml(value)}"`)
  const issuer = escapeXml(ssoUrls(config.publicUrl, connection.id).samlMetadata)
  const inner = `<saml:Issuer>${issuer}</saml:Issuer>${content}`
  return { id, xml: `<samlp:${name}${written.join('')}>${inner}</samlp:${name}>` }
}

/** The key that we sign with: one of each connection's own. @throws Error when it was sealed with a key that is gone */
export function openOwnKey(
  { sealing }: Pick<SsoContext, 'sealing'>,
  { id, clientSecret }: SsoConnection,
): KeyObject {
  if (!clientSecret) throw new Error(`the connection ${id} has no key`)
  return createPrivateKey(sealing.open(clientSecret, bindingOfClientSecret(id)))
}
