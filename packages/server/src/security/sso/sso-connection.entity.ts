import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'

import { DateTime } from '../../lib/date-time.ts'
import { newId } from '../../lib/ids.ts'

export enum SsoProtocol {
  OIDC = 'OIDC',
  SAML = 'SAML',
}
registerEnumType(SsoProtocol, { name: 'SsoProtocol' })

/** What is known of an identity provider, as JSON; `issuer` is what it calls itself. None of it is secret. */
export type SsoSettings = OidcSettings | SamlSettings

export interface OidcSettings {
  issuer: string
  clientId: string
  /** Null when the provider has no logout that a browser may be led to. */
  logoutUrl: string | null
}

/** Of the provider's metadata, as it was read last, and of ours. */
export interface SamlSettings {
  /** Its entity id. */
  issuer: string
  /** Null when the metadata was typed in. */
  metadataUrl: string | null
  /** When it is read anew, if it has a URL; ISO 8601. */
  metadataDueAt: string
  signInUrl: string
  /** Null when the provider has no single logout. */
  logoutUrl: string | null
  /** Where it wants to be told that a logout of its own is done. */
  logoutAnswerUrl: string | null
  /** Of the keys that the provider signs with. */
  certificates: SamlCertificate[]
  allowIdpInitiated: boolean
  /** Of the key that we sign with, PEM. */
  ownCertificate: string
}

export interface SamlCertificate {
  subject: string
  /** ISO 8601. */
  expiresAt: string
  /** SHA-256, hex. */
  fingerprint: string
  pem: string
}

/** An identity provider of an account's. The active one stands in the account. */
@Entity({ tableName: 'sso_connection' })
@ObjectType({ simpleResolvers: true })
export class SsoConnection {
  [PrimaryKeyProp]?: ['accountId', 'id']

  @PrimaryKey({ type: 'uuid' })
  accountId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  @Field(() => String)
  @Property({ type: 'string', length: 100 })
  name!: string

  @Field(() => SsoProtocol)
  @Enum({ items: () => SsoProtocol })
  protocol!: SsoProtocol

  @Field(() => Boolean, {
    description: 'People whom the provider vouches for and nobody knows are made when they first sign in.',
  })
  @Property({ type: 'boolean' })
  createJustInTime!: boolean

  @Property({ type: 'json' })
  settings!: SsoSettings

  /** Sealed. Of OIDC, what the provider gave us; of SAML, the key that we sign with, PEM. */
  @Property({ type: 'blob', nullable: true })
  clientSecret: Buffer | null = null

  @Field(() => DateTime, { nullable: true, description: 'Null when it was not tested as it is now.' })
  @Property({ type: 'datetime', length: 3, nullable: true })
  testedAt: Date | null = null

  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date

  /** When what a test tries changed last: what began before that comes to nothing. */
  @Property({ type: 'datetime', length: 3 })
  changedAt!: Date
}

/** Where the secret of a connection may be opened. */
export function bindingOfClientSecret(connectionId: string): string {
  return `sso_connection:${connectionId}:client_secret`
}
