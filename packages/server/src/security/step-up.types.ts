import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'

/** How somebody who is signed in proves again who they are. */
export enum StepUpMethod {
  PASSWORD = 'PASSWORD',
  TOTP = 'TOTP',
  RECOVERY_CODE = 'RECOVERY_CODE',
  PASSKEY = 'PASSKEY',
  SSO = 'SSO',
}
registerEnumType(StepUpMethod, { name: 'StepUpMethod' })

/** What STEP_UP_REQUIRED asks for. */
@ObjectType({ simpleResolvers: true })
export class StepUp {
  @Field(() => DateTime, { description: 'Until then nothing is asked for; it may lie in the past.' })
  validUntil!: Date

  @Field(() => [StepUpMethod])
  methods!: StepUpMethod[]

  @Field(() => String, {
    nullable: true,
    description: 'Where a browser goes to prove it by single sign-on: a path of this server.',
  })
  ssoUrl!: string | null
}

@InputType({ description: 'One of the three.' })
export class ConfirmStepUpInput {
  @Field(() => String, { nullable: true, description: 'Not enough while two-factor authentication is on.' })
  password?: string | null

  @Field(() => String, { nullable: true, description: 'Six digits, or a recovery code.' })
  code?: string | null

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'AuthenticationResponseJSON of WebAuthn, to what startPasskeyProof asked.',
  })
  passkey?: Record<string, unknown> | null
}

@ObjectType()
export class ConfirmStepUpPayload {
  @Field(() => DateTime)
  validUntil!: Date
}
