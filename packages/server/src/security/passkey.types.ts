import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, ID, InputType, ObjectType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'
import { SignInStatus } from './sign-in.types.ts'

/** A key that an authenticator keeps: it signs in alone, and answers in place of a code. */
@ObjectType({ simpleResolvers: true })
export class Passkey {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => DateTime)
  createdAt!: Date

  @Field(() => DateTime, { nullable: true })
  lastUsedAt!: Date | null

  @Field(() => Boolean, { description: 'Whether a copy of it is kept beyond its device.' })
  synced!: boolean

  @Field(() => String, { nullable: true, description: 'Who keeps it, where that is known.' })
  provider!: string | null
}

@ObjectType()
export class StartPasskeyRegistrationPayload {
  @Field(() => GraphQLJSONObject, { description: 'PublicKeyCredentialCreationOptionsJSON of WebAuthn.' })
  options!: object
}

@InputType()
export class AddPasskeyInput {
  @Field(() => String, {
    nullable: true,
    description: 'Absent, it is made of who keeps the passkey and of the device.',
  })
  name?: string | null

  @Field(() => GraphQLJSONObject, { description: 'RegistrationResponseJSON of WebAuthn.' })
  response!: Record<string, unknown>
}

@ObjectType()
export class AddPasskeyPayload {
  passkeyId!: string
}

@InputType()
export class RenamePasskeyInput {
  @Field(() => ID)
  passkeyId!: string

  @Field(() => String)
  name!: string
}

@ObjectType()
export class RenamePasskeyPayload {
  passkeyId!: string
}

@InputType()
export class RemovePasskeyInput {
  @Field(() => ID)
  passkeyId!: string
}

@ObjectType()
export class RemovePasskeyPayload {
  @Field(() => ID)
  removedId!: string
}

@ObjectType()
export class StartPasskeySignInPayload {
  @Field(() => GraphQLJSONObject, { description: 'PublicKeyCredentialRequestOptionsJSON of WebAuthn.' })
  options!: object
}

@InputType()
export class SignInWithPasskeyInput {
  @Field(() => GraphQLJSONObject, { description: 'AuthenticationResponseJSON of WebAuthn.' })
  response!: Record<string, unknown>

  @Field(() => Boolean, { nullable: true, description: 'Keeps the cookie when the browser closes.' })
  rememberMe?: boolean | null
}

@ObjectType()
export class SignInWithPasskeyPayload {
  @Field(() => SignInStatus)
  status!: SignInStatus

  @Field(() => String, {
    nullable: true,
    description: 'Where a browser goes next when the status is SSO_REQUIRED: a path of this server.',
  })
  ssoUrl!: string | null
}

@ObjectType()
export class StartPasskeyProofPayload {
  @Field(() => GraphQLJSONObject, { description: 'PublicKeyCredentialRequestOptionsJSON of WebAuthn.' })
  options!: object
}
