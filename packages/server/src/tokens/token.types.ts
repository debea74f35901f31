import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'

import type { PayloadOfAccount, PayloadOfAccountUser } from '../accounts/account.resolver.ts'
import { DateTime } from '../lib/date-time.ts'

@InputType()
export class CreatePersonalAccessTokenInput {
  @Field(() => ID)
  accountUserId!: string

  @Field(() => String)
  name!: string

  @Field(() => DateTime, {
    nullable: true,
    description:
      '90 days from now when absent, or as long as the account allows if that is less; at most that long.',
  })
  expiresAt?: Date | null

  @Field(() => Boolean, { nullable: true })
  readOnly?: boolean | null
}

@ObjectType()
export class CreatePersonalAccessTokenPayload implements PayloadOfAccountUser {
  @Field(() => String, { description: 'Shown this once.' })
  token!: string

  personalAccessTokenId!: string

  accountUserId!: string
}

@InputType()
export class RotatePersonalAccessTokenInput {
  @Field(() => ID)
  personalAccessTokenId!: string

  @Field(() => Int, {
    nullable: true,
    description: 'For how long the old one goes on working, 0–168; 24 when absent.',
  })
  overlapHours?: number | null
}

@ObjectType()
export class RotatePersonalAccessTokenPayload implements PayloadOfAccountUser {
  @Field(() => String, { description: 'The new one. Shown this once.' })
  token!: string

  personalAccessTokenId!: string

  accountUserId!: string
}

@InputType()
export class DeletePersonalAccessTokenInput {
  @Field(() => ID)
  personalAccessTokenId!: string
}

@ObjectType()
export class DeletePersonalAccessTokenPayload implements PayloadOfAccountUser {
  @Field(() => ID)
  removedId!: string

  accountUserId!: string
}

@InputType()
export class RevokeAccountTokensInput {
  @Field(() => ID)
  accountId!: string
}

@ObjectType()
export class RevokeAccountTokensPayload {
  @Field(() => Int, { description: 'How many tokens ended.' })
  revoked!: number
}

@InputType()
export class RevokePersonalAccessTokenInput {
  @Field(() => ID)
  accountId!: string

  @Field(() => ID)
  personalAccessTokenId!: string
}

@ObjectType()
export class RevokePersonalAccessTokenPayload implements PayloadOfAccount {
  @Field(() => ID)
  removedId!: string

  accountId!: string
}

@InputType()
export class SetTokenPolicyInput {
  @Field(() => ID)
  accountId!: string

  @Field(() => Int, { description: '1–365.' })
  longestTokenDays!: number
}

@ObjectType()
export class SetTokenPolicyPayload implements PayloadOfAccount {
  accountId!: string
}
