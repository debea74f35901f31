import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, InputType, ObjectType } from 'type-graphql'

import { SecondFactor, SignInStatus } from './sign-in.types.ts'

@InputType({ description: 'One of the two.' })
export class SubmitSecondFactorInput {
  @Field(() => String, { nullable: true, description: 'Six digits, or a recovery code.' })
  code?: string | null

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'AuthenticationResponseJSON of WebAuthn, to what startPasskeyProof asked.',
  })
  passkey?: Record<string, unknown> | null
}

@ObjectType()
export class SubmitSecondFactorPayload {
  @Field(() => SignInStatus)
  status!: SignInStatus

  @Field(() => String, {
    nullable: true,
    description: 'Where a browser goes next when the status is SSO_REQUIRED: a path of this server.',
  })
  ssoUrl!: string | null
}

@ObjectType()
export class SsoChoice {
  @Field(() => String)
  accountName!: string

  @Field(() => String, { description: 'A path of this server; a browser goes there as to a page.' })
  url!: string
}

@ObjectType()
export class PendingSignIn {
  @Field(() => SignInStatus)
  status!: SignInStatus

  @Field(() => [SecondFactor], { description: 'What the next step may be.' })
  secondFactors!: SecondFactor[]

  @Field(() => [SsoChoice], { description: 'Where the next step may be, by name of the account.' })
  ssoChoices!: SsoChoice[]
}
