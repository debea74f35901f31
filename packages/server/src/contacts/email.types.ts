import { Field, ID, InputType, ObjectType } from 'type-graphql'

import type { PayloadOfEmail } from './email.resolver.ts'

@InputType()
export class AddEmailInput {
  @Field(() => String)
  address!: string
}

@ObjectType()
export class AddEmailPayload implements PayloadOfEmail {
  emailId!: string
}

@InputType()
export class VerifyEmailInput {
  @Field(() => ID)
  emailId!: string

  @Field(() => String, { description: 'Six digits; blanks between them do not matter.' })
  code!: string
}

@ObjectType()
export class VerifyEmailPayload implements PayloadOfEmail {
  emailId!: string
}

@InputType()
export class ResendEmailCodeInput {
  @Field(() => ID)
  emailId!: string
}

@ObjectType()
export class ResendEmailCodePayload implements PayloadOfEmail {
  emailId!: string
}

@InputType()
export class SetPrimaryEmailInput {
  @Field(() => ID)
  emailId!: string
}

@ObjectType()
export class SetPrimaryEmailPayload implements PayloadOfEmail {
  emailId!: string
}

@InputType()
export class RemoveEmailInput {
  @Field(() => ID)
  emailId!: string
}

@ObjectType()
export class RemoveEmailPayload {
  @Field(() => ID)
  removedId!: string
}
