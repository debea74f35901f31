import { Field, ID, InputType, ObjectType } from 'type-graphql'

import { DateTime } from '../../lib/date-time.ts'
import { SsoProtocol } from './sso-connection.entity.ts'

/** With what a provider signs. */
@ObjectType({ simpleResolvers: true })
export class SsoCertificate {
  @Field(() => String)
  subject!: string

  @Field(() => DateTime)
  expiresAt!: Date

  @Field(() => String, { description: 'SHA-256, hex.' })
  fingerprint!: string
}

@InputType()
abstract class ProviderInput {
  @Field(() => Boolean, { nullable: true })
  createJustInTime?: boolean | null

  @Field(() => String, { nullable: true, description: 'OIDC.' })
  issuer?: string | null

  @Field(() => String, { nullable: true, description: 'OIDC.' })
  clientId?: string | null

  @Field(() => String, { nullable: true, description: 'OIDC. Never read back.' })
  clientSecret?: string | null

  @Field(() => String, { nullable: true, description: 'SAML: this or `metadataXml`.' })
  metadataUrl?: string | null

  @Field(() => String, { nullable: true, description: 'SAML: this or `metadataUrl`.' })
  metadataXml?: string | null

  @Field(() => Boolean, { nullable: true, description: 'SAML.' })
  allowIdpInitiated?: boolean | null
}

@InputType()
export class CreateSsoConnectionInput extends ProviderInput {
  @Field(() => ID)
  accountId!: string

  @Field(() => String)
  name!: string

  @Field(() => SsoProtocol)
  protocol!: SsoProtocol
}

@InputType({ description: 'What is absent stays as it is.' })
export class UpdateSsoConnectionInput extends ProviderInput {
  @Field(() => ID)
  accountId!: string

  @Field(() => ID)
  ssoConnectionId!: string

  @Field(() => String, { nullable: true })
  name?: string | null
}

@InputType()
abstract class NamedConnectionInput {
  @Field(() => ID)
  accountId!: string

  @Field(() => ID)
  ssoConnectionId!: string
}

@InputType()
export class DeleteSsoConnectionInput extends NamedConnectionInput {}
@InputType()
export class EnableSsoConnectionInput extends NamedConnectionInput {}
@InputType()
export class DisableSsoConnectionInput extends NamedConnectionInput {}

/** A payload that knows which connection of which account it is about. */
@ObjectType()
export abstract class PayloadOfConnection {
  accountId!: string
  ssoConnectionId!: string
}

@ObjectType()
export class CreateSsoConnectionPayload extends PayloadOfConnection {}
@ObjectType()
export class UpdateSsoConnectionPayload extends PayloadOfConnection {}
@ObjectType()
export class EnableSsoConnectionPayload extends PayloadOfConnection {}
@ObjectType()
export class DisableSsoConnectionPayload extends PayloadOfConnection {}

@ObjectType()
export class DeleteSsoConnectionPayload {
  @Field(() => ID)
  removedId!: string

  accountId!: string
}

@InputType()
export class SetSignInPolicyInput {
  @Field(() => ID)
  accountId!: string

  @Field(() => Boolean, { nullable: true, description: 'Absent: as it is.' })
  requireTwoFactor?: boolean | null

  @Field(() => String, {
    nullable: true,
    description: 'As `acme` of /sso/acme: a–z, 0–9 and hyphens. Absent: as it is; null: none.',
  })
  signInName?: string | null
}

@ObjectType()
export class SetSignInPolicyPayload {
  accountId!: string
}
