import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'

import { Account } from '../accounts/account.entity.ts'
import { DateTime } from '../lib/date-time.ts'

/** Whether signing in asks for more than a password. No secret of it is ever told again. */
@ObjectType({ simpleResolvers: true })
export class TwoFactor {
  @Field(() => Boolean)
  enabled!: boolean

  @Field(() => DateTime, { nullable: true, description: 'Null while it is off.' })
  enabledAt!: Date | null

  @Field(() => Int, { description: 'Recovery codes that were not used yet; 0 while it is off.' })
  recoveryCodesLeft!: number

  @Field(() => [Account], { description: "One's accounts that ask for two factors, by name." })
  requiredBy!: Account[]
}

@ObjectType()
export class StartTwoFactorSetupPayload {
  @Field(() => String, { description: 'For typing: 32 letters of base32. It is shown this once.' })
  secret!: string

  @Field(() => String, { description: 'The same for a QR code: otpauth, with issuer and username.' })
  otpauthUrl!: string

  @Field(() => [String], {
    description:
      'Sixteen, as XXXX-XXXX-XXXX-XXXX. They are shown this once, and count once the set-up is confirmed.',
  })
  recoveryCodes!: string[]
}

@InputType()
export class ConfirmTwoFactorSetupInput {
  @Field(() => String, { description: 'Six digits of the app that was just set up.' })
  code!: string
}

@ObjectType()
export class ConfirmTwoFactorSetupPayload {}

@InputType()
export class DisableTwoFactorInput {
  @Field(() => String)
  password!: string

  @Field(() => String, { description: 'Six digits, or a recovery code.' })
  code!: string
}

@ObjectType()
export class DisableTwoFactorPayload {}

@ObjectType()
export class RegenerateRecoveryCodesPayload {
  @Field(() => [String], { description: 'Sixteen, shown this once. Those before are void.' })
  recoveryCodes!: string[]
}

@InputType()
export class ResetTwoFactorInput {
  @Field(() => ID, { description: "Somebody else's." })
  userId!: string
}

@ObjectType()
export class ResetTwoFactorPayload {}
