import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql'

export enum SignInStatus {
  SIGNED_IN = 'SIGNED_IN',
  SECOND_FACTOR_REQUIRED = 'SECOND_FACTOR_REQUIRED',
  SSO_REQUIRED = 'SSO_REQUIRED',
}
registerEnumType(SignInStatus, { name: 'SignInStatus' })

/** What may be shown beside a password. */
export enum SecondFactor {
  TOTP = 'TOTP',
  PASSKEY = 'PASSKEY',
  RECOVERY_CODE = 'RECOVERY_CODE',
}
registerEnumType(SecondFactor, { name: 'SecondFactor' })

@InputType()
export class SignInInput {
  @Field(() => String, { description: 'Username or proven email.' })
  login!: string

  @Field(() => String)
  password!: string

  @Field(() => Boolean, { nullable: true, description: 'Keeps the cookie when the browser closes.' })
  rememberMe?: boolean | null
}

@ObjectType()
export class SignInPayload {
  @Field(() => SignInStatus)
  status!: SignInStatus

  @Field(() => [SecondFactor], { description: 'What the next step may be; empty when none is asked for.' })
  secondFactors!: SecondFactor[]

  @Field(() => String, {
    nullable: true,
    description: 'Where a browser goes next when the status is SSO_REQUIRED: a path of this server.',
  })
  ssoUrl!: string | null
}

@ObjectType()
export class SignOutPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'Where a browser goes to sign out of the identity provider that the session came through as well.',
  })
  ssoLogoutUrl!: string | null
}
